use crate::json::{Json, Member};
use crate::{Machine, Placed, Span};
use indexmap::IndexMap;
use std::fmt;
use std::sync::Arc;

/// The one `zis_template_version` that can be uploaded. It names the format, not a version of the bundle.
pub const TEMPLATE_VERSION: &str = "2019-10-14";

/// A bundle: the resources of one integration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// `zis_template_version`.
    pub template_version: Placed<String>,
    /// `name`.
    pub name: Placed<String>,
    /// `description`.
    pub description: Option<Placed<String>>,
    /// `resources` by key, in the order of the file.
    pub resources: IndexMap<String, Resource>,
    /// Members that are none of the above (what the registry adds), kept as they are.
    pub extra: Vec<Member>,
}

/// An entry of `resources`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its key.
    pub key: Placed<String>,
    /// What it is.
    pub kind: ResourceKind,
    /// Members beside `type` and `properties`, kept as they are.
    pub extra: Vec<Member>,
    /// The whole resource.
    pub span: Span,
}

/// What a resource is, by its `type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// `ZIS::Flow`.
    Flow(Flow),
    /// `ZIS::JobSpec`.
    JobSpec(JobSpec),
    /// `ZIS::Action::Http`.
    HttpAction(HttpAction),
    /// A resource that could not be understood; it is kept, and a problem says why.
    Unknown(Json),
}

/// A flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// `properties.name`, which references use.
    pub name: Placed<String>,
    /// `properties.definition`.
    pub machine: Arc<Machine>,
    /// Other members of `properties`, kept as they are.
    pub extra: Vec<Member>,
}

/// A trigger: one event type starts one flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobSpec {
    /// `properties.name`.
    pub name: Placed<String>,
    /// `properties.event_source`, such as `support`.
    pub event_source: Placed<String>,
    /// `properties.event_type`, such as `ticket.CommentAdded`.
    pub event_type: Placed<String>,
    /// `properties.flow_name`, a full reference.
    pub flow_name: Placed<String>,
    /// Other members of `properties`, kept as they are.
    pub extra: Vec<Member>,
}

/// A custom action: one HTTP request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpAction {
    /// `properties.name`, which references use.
    pub name: Placed<String>,
    /// `definition.method`.
    pub method: Placed<String>,
    /// Where the request goes.
    pub target: Target,
    /// `definition.headers`, in order.
    pub headers: Vec<Header>,
    /// `definition.queryParams`, in order.
    pub query: Vec<Header>,
    /// `definition.connectionName`.
    pub connection: Option<Placed<String>>,
    /// `definition.requestBody` or `definition.requestBody.$`, as the member stands.
    pub body: Option<Member>,
    /// Other members of `definition`, kept as they are.
    pub definition_extra: Vec<Member>,
    /// Other members of `properties`, kept as they are.
    pub extra: Vec<Member>,
}

/// Where a custom action's request goes, as the member stands: its key may end in `.$`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// `url`: anywhere.
    Url(Member),
    /// `path`: on the account's own host.
    Path(Member),
    /// Neither could be read; a problem says so.
    #[default]
    Missing,
}

/// A header, or a parameter of the query: `{ "key": …, "value": … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// `key`.
    pub key: Placed<String>,
    /// `value` or `value.$`, as the member stands.
    pub value: Member,
}

impl Bundle {
    /// The flow whose `properties.name` is `name`.
    pub fn flow(&self, name: &str) -> Option<&Flow> {
        self.flows().find(|flow| *flow.name == name)
    }

    /// All flows.
    pub fn flows(&self) -> impl Iterator<Item = &Flow> {
        self.resources.values().filter_map(|resource| match &resource.kind {
            ResourceKind::Flow(flow) => Some(flow),
            _ => None,
        })
    }

    /// All job specs.
    pub fn job_specs(&self) -> impl Iterator<Item = &JobSpec> {
        self.resources.values().filter_map(|resource| match &resource.kind {
            ResourceKind::JobSpec(job_spec) => Some(job_spec),
            _ => None,
        })
    }

    /// All custom actions.
    pub fn http_actions(&self) -> impl Iterator<Item = &HttpAction> {
        self.resources.values().filter_map(|resource| match &resource.kind {
            ResourceKind::HttpAction(action) => Some(action),
            _ => None,
        })
    }
}

/// A reference such as `zis:acme:flow:notify` or `zis:common:action:LoadConfig`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    /// The integration's key, or `common` for what the platform brings.
    pub integration: &'a str,
    /// `flow`, `action`, `transform` or `job_spec`.
    pub kind: &'a str,
    /// The name of the thing.
    pub name: &'a str,
}

impl<'a> Reference<'a> {
    /// Takes a reference apart.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(4, ':');
        let (zis, integration, kind, name) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        (zis == "zis" && !name.is_empty()).then_some(Self { integration, kind, name })
    }
}

impl fmt::Display for Reference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "zis:{}:{}:{}", self.integration, self.kind, self.name)
    }
}
