use super::{After, Ending, Passed};
use crate::Value;
use crate::data::read;
use crate::error::{ErrorName, Failure, StateError, Stop};
use crate::http::Http;
use crate::load::Loader;
use crate::machine::{Ended, Machine};
use crate::run::Run;
use crate::value::{Array, Text};
use zisc_bundle::{Machine as Read, Path};

/// Runs a machine for each item of an array, one after the other.
#[derive(Debug)]
pub(crate) struct Map {
    items_path: Path,
    pub(super) iterator: Machine,
    ending: Ending,
}

impl Map {
    pub(super) fn load<'a>(
        items_path: &zisc_bundle::Placed<String>,
        iterator: &'a Read,
        after: After<'_>,
        loader: &mut Loader<'a>,
    ) -> Self {
        Self {
            items_path: loader.path(items_path),
            ending: Ending::load(after, loader),
            iterator: Machine::load(iterator, loader),
        }
    }

    pub(super) async fn run<H: Http>(&self, name: &Text, data: Value, run: &mut Run<'_, H>) -> Result<Passed, Failure> {
        let step = run.current();
        let result = match self.items(&data, run) {
            Ok(items) => {
                run.step().items = Some(items.len());
                self.iterate(name, items, run).await
            }
            Err(error) => {
                if self.ending.catches() {
                    run.note("older documentation says that a flow ends where a Map cannot take its items, so a Catch may not help there; here it does");
                }
                Err(error.into())
            }
        };
        run.return_to(step, name);
        self.ending.finish(data, result, run)
    }

    /// The items, after everything that can be wrong with them. The texts of these errors are ours.
    fn items<H: Http>(&self, data: &Value, run: &Run<'_, H>) -> Result<Array, StateError> {
        let objects = |items: &Array| items.iter().all(|item| item.as_object().is_some());
        let items = match read(data, &self.items_path)? {
            Value::Array(items) if objects(items) => items.clone(),
            other => {
                let error = StateError::runtime("Map state ItemsPath must be an array of objects");
                return Err(match other {
                    Value::Array(_) => error.with_detail("not every item is an object"),
                    other => error.with_detail(format!("{} is {}", self.items_path, other.kind())),
                });
            }
        };
        match run.limits().map_items {
            Some(most) if items.len() > most => {
                let error = StateError::runtime(format!("Map state ItemsPath exceeds {most} items"));
                Err(error.with_detail(format!("it has {}", items.len())))
            }
            _ => Ok(items),
        }
    }

    async fn iterate<H: Http>(&self, name: &Text, items: Array, run: &mut Run<'_, H>) -> Result<Value, Failure> {
        let mut results = Array::default();
        for (position, item) in items.iter().enumerate() {
            let outer = run.enter(&format!("{name}[{position}]."));
            let ended = Box::pin(self.iterator.run(item.clone(), run)).await;
            run.leave_iteration(outer);
            match ended {
                Ok(Ended { data, .. }) => results.push(data),
                // Documented: the Map fails with the iteration, and the remaining ones do not run.
                Err(Failure::Stop(Stop::Failed { error, cause })) => {
                    return Err(StateError { name: ErrorName::Named(error), ..StateError::task_failed(cause) }.into());
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(Value::Array(results))
    }
}
