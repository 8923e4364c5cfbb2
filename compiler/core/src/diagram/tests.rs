//! Whatever the flow, no two boxes touch, no line runs through a box, and every state is there once.

use super::Diagram;
use super::layout::Point;
use super::scene::{Scene, What};
use std::time::{Duration, Instant};
use zisc_bundle::Bundle;

/// A flow of so many states, each leading to one or several others as `random` says.
fn diagram(states: usize, random: &mut Random) -> Diagram {
    let target = |at: usize, random: &mut Random| match random.below(12) {
        0 => format!("S{}", random.below(states)),
        1 => "Nowhere".to_owned(),
        2 => "Failed".to_owned(),
        near => format!("S{}", (at + 1 + near % 3).min(states - 1)),
    };
    let all: Vec<String> = (0..states)
        .map(|at| {
            let state = match random.below(6) {
                0 => r#""Type":"Succeed","Message":"done with {{$.input.ticket_event.ticket.id}}""#.to_owned(),
                1 => format!(
                    r#""Type":"Choice","Choices":[{{"Variable":"$.a","StringEquals":"b","Next":"{}"}},{{"Variable":"$.input.id","NumericLessThan":{at},"Next":"{}"}}],"Default":"{}""#,
                    target(at, random),
                    target(at, random),
                    target(at, random)
                ),
                2 => format!(
                    r#""Type":"Action","ActionName":"zis:a:action:post","Catch":[{{"ErrorEquals":["States.ALL"],"Next":"{}"}}],"Next":"{}""#,
                    target(at, random),
                    target(at, random)
                ),
                3 => r#""Type":"Map","ItemsPath":"$.xs","End":true,"Iterator":{"StartAt":"In","States":{"In":{"Type":"Wait","Seconds":3,"Next":"Out"},"Out":{"Type":"Pass","Next":"In"}}}"#.to_owned(),
                _ => format!(r#""Type":"Pass","Next":"{}""#, target(at, random)),
            };
            format!(r#""S{at}": {{{state}}}"#)
        })
        .collect();
    let text = format!(
        r#"{{"zis_template_version":"2019-10-14","name":"a","resources":{{"f":{{"type":"ZIS::Flow","properties":{{"name":"f","definition":{{"StartAt":"S0","States":{{{},
        "Failed":{{"Type":"Fail","Error":"E","Cause":"C"}}}}}}}}}}}}}}"#,
        all.join(",")
    );
    let bundle = Bundle::read(&text).0;
    Diagram::of(&bundle.flow("f").expect("the flow is there").machine)
}

/// A rectangle: left, top, right, bottom.
type Area = (f64, f64, f64, f64);

fn areas(scene: &Scene<'_>) -> Vec<Area> {
    let area = |middle: Point, width: f64, height: f64| {
        (middle.x - width / 2.0, middle.y - height / 2.0, middle.x + width / 2.0, middle.y + height / 2.0)
    };
    scene.shapes.iter().map(|shape| area(shape.middle, shape.size.width, shape.size.height)).collect()
}

fn check(scene: &Scene<'_>) {
    let areas = areas(scene);
    for (number, a) in areas.iter().enumerate() {
        assert!(a.0 >= -0.5 && a.1 >= -0.5, "{a:?} is inside of the picture");
        assert!(a.2 <= scene.size.width + 0.5 && a.3 <= scene.size.height + 0.5, "{a:?} is inside of {:?}", scene.size);
        for b in &areas[number + 1..] {
            let apart = a.2 < b.0 || b.2 < a.0 || a.3 < b.1 || b.3 < a.1;
            assert!(apart, "{a:?} and {b:?} do not touch");
        }
    }
    for line in &scene.lines {
        assert!(line.points.len() >= 2, "every line leads somewhere");
        for pair in line.points.windows(2) {
            // What is upright may stand beside boxes only; curves lie between the layers.
            let (top, bottom) = (pair[0].y.min(pair[1].y), pair[0].y.max(pair[1].y));
            for area in &areas {
                let inside = pair[0].x == pair[1].x
                    && pair[0].x > area.0 + 1.0
                    && pair[0].x < area.2 - 1.0
                    && bottom > area.1 + 1.0
                    && top < area.3 - 1.0;
                assert!(!inside, "a line at {pair:?} runs through {area:?}");
            }
        }
    }
    for shape in &scene.shapes {
        if let What::State { body: Some(body), .. } = &shape.what {
            check(body);
        }
    }
}

#[test]
fn boxes_do_not_touch_and_lines_run_beside_them() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for states in (2..60).step_by(3) {
        let diagram = diagram(states, &mut random);
        check(&Scene::new(&diagram));
    }
}

#[test]
fn every_state_is_drawn_once_and_the_bytes_are_the_same_each_time() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for states in [1, 2, 7, 40] {
        let diagram = diagram(states, &mut random);
        let svg = diagram.svg("a flow");
        assert_eq!(svg, diagram.svg("a flow"));
        for node in &diagram.nodes {
            let found = svg.matches(&format!(r#"data-state="{}""#, node.name)).count();
            assert_eq!(found, 1, "{} is drawn once", node.name);
        }
        for edge in &diagram.edges {
            assert!(edge.from < diagram.nodes.len() && edge.to < diagram.nodes.len());
        }
    }
}

#[test]
fn time_grows_with_the_size() {
    let mut random = Random(1);
    let mut time = |states: usize| {
        let diagram = diagram(states, &mut random);
        let start = Instant::now();
        let svg = diagram.svg("large");
        assert!(svg.len() > states * 100);
        start.elapsed()
    };
    let (small, large) = (time(125).max(Duration::from_millis(20)), time(1_000));
    // Eight times as many states; more than forty times as long would be far from linear.
    assert!(large < small * 40, "125 states take {small:?}, 1,000 take {large:?}");
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// Programs that know no variables of CSS pass over what has one: in front of it, or at the element itself, stands a
/// plain colour.
#[test]
fn no_colour_needs_a_variable() {
    let svg = diagram(30, &mut Random(7)).svg("a flow");
    let (_, rest) = svg.split_once("</style>").expect("a style");
    let boxes = rest.lines().filter(|line| line.contains(r#"class="box""#));
    assert!(boxes.clone().count() > 20 && boxes.into_iter().all(|line| line.contains(r##"fill="#"##)));
    for line in svg.lines().take_while(|line| *line != "</style>") {
        for (at, _) in line.match_indices(": var(--").filter(|(at, _)| !line[*at..].starts_with(": var(--hue)")) {
            let property = line[..at].rsplit(['{', ' ', ';']).next().unwrap_or_default();
            let is_plain = line[..at].contains(&format!("{property}: #"));
            assert!(is_plain || property.starts_with("--"), "{property} in {line}");
        }
    }
}

#[test]
fn a_long_condition_keeps_what_it_compares_with() {
    let short = super::scene::with_short_paths;
    assert_eq!(short(r#"ticket.priority == "urgent""#), r#"ticket.priority == "urgent""#);
    assert_eq!(short(r#"org.organization.organization_fields.plan == "enterprise""#), r#"….plan == "enterprise""#);
    let text = r#"a == "https://one.example.com/two.three/four.five.six.seven""#;
    assert_eq!(short(text), text);
}
