//! Kith's pages: each scene of `browser/scenes.mjs` and `browser/people.mjs` is walked by a real Chromium against the gateway as `main` builds it,
//! and what pages answer is asked without one.
//!
//! Where there is no Chromium or no playwright-core the scenes are left out, and say so; `tests/run` installs both.

mod answers;

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::births::desk::{self, Desk};
use crate::world;
use crate::world::load::free_port;
use crate::world::{Manner, Tweaks, World};

/// What is sent before who was told is looked up.
const FORM: &str = include_str!("../../mappings/first-visit-form/examples/agreed-named-centre.json");

/// Names under which Chromium may be installed.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// One test a scene.
macro_rules! scenes {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        fn $name() {
            walk(stringify!($name));
        })*
    };
}

scenes! {
    a_child_of_whom_nothing_may_be_said_is_like_one_that_is_not_there
    a_chosen_profile_is_asked_too
    a_correction_is_applied
    a_council_decides_whose_place_it_is
    a_file_fills_the_box
    a_data_lead_takes_the_list_of_births
    a_long_text_is_shown_where_its_issues_are
    a_school_nurse_finds_the_school
    an_example_is_a_beginning
    an_operator_sees_what_failed_and_puts_it_back
    developers_read_what_goes_where
    everything_is_there_without_a_script
    everything_works_by_keyboard
    health_needs_go_from_the_nurse_to_the_childs_school
    hostile_text_stays_text
    issues_stand_beside_their_lines
    nothing_scrolls_sideways_on_a_phone
    pages_lead_to_each_other
    the_people_of_a_centre_read_print_labels_and_say_that_a_family_came
    the_profile_is_one_link_away
    the_school_is_found_by_keyboard_without_a_script_on_a_phone
    what_is_typed_wrong_is_said_beside_its_field
    what_the_form_lacks_is_said_where_it_lacks
    who_was_told_is_found_after_signing_in
    who_was_told_needs_no_script_and_fits_a_phone
    whoever_does_not_care_for_children_is_told_so
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser")
}

/// The browser's command, or why the scenes cannot be walked. What is there and broken is no such reason.
fn browser() -> Result<&'static str, String> {
    if !folder().join("node_modules/playwright-core").is_dir() {
        return Err("playwright-core is not installed (npm ci in tests/browser)".to_owned());
    }
    let is_there = |name: &&&str| {
        let asked = Command::new(name).arg("--version").output();
        !matches!(asked, Err(error) if error.kind() == ErrorKind::NotFound)
    };
    BROWSERS
        .iter()
        .find(is_there)
        .copied()
        .ok_or_else(|| format!("none of {} is installed", BROWSERS.join(", ")))
}

fn walk(scene: &str) {
    let browser = match browser() {
        Ok(browser) => browser,
        Err(reason) => {
            println!("left out: {reason}; tests/run installs what it can");
            return;
        }
    };
    world::run(async {
        // People are led back to where they are: pages must be reached by the address that Kith knows itself by.
        let port = free_port();
        let (bind, public_url) = (format!("127.0.0.1:{port}"), format!("http://127.0.0.1:{port}"));
        let world = World::start_with(&Tweaks { bind, public_url, ..Tweaks::default() }).await;
        if scene.starts_with("who_was_told") {
            let form = serde_json::from_str(FORM).expect("an example");
            let sent = world.health_visitor().sends("first-visit-form", &form).await.expect(202);
            world.wait_for(&sent, "north-centre", "completed").await;
        }
        if scene.contains("centre") {
            let mut form: serde_json::Value = serde_json::from_str(FORM).expect("an example");
            form["child"]["address"]["postcode"] = serde_json::json!("CV99 3AB");
            form["consent"]["localCentres"] = serde_json::json!(true);
            form["noVisitRule"] = serde_json::json!(true);
            let sent = world.health_visitor().sends("first-visit-form", &form).await.expect(202);
            world.wait_for(&sent, "south-centre", "completed").await;
        }
        if scene.contains("school")
            || scene.contains("child")
            || scene.contains("typed")
            || scene.contains("council")
        {
            takes_lists_in(&world).await;
        }
        if scene.contains("operator") {
            world.centre().behaves(Manner::Answer(422, serde_json::json!({})));
            let form = serde_json::from_str(FORM).expect("an example");
            let sent = world.health_visitor().sends("first-visit-form", &form).await.expect(202);
            world.wait_for(&sent, "north-centre", "failed").await;
        }
        let world = if scene.contains("births") { births(world).await } else { world };
        let mut walk = Command::new("node");
        walk.arg(folder().join("walk.mjs")).args([browser, world.base(), scene]);
        let walked = walk.output().expect("Node.js");
        let said = [walked.stdout, walked.stderr].concat();
        assert!(walked.status.success(), "{scene}:\n{}", String::from_utf8_lossy(&said));
    });
}

/// A world whose council takes lists of births, of which one child is on October's.
async fn births(world: World) -> World {
    let desk = Desk::of_messages(world).await;
    let form = desk::form(0, desk::NAMED, "CV99 1AA");
    desk.world.health_visitor().sends("first-visit-form", &form).await.expect(202);
    desk.world
}

/// Schools, children and places, as the journey `which-school` has them.
async fn takes_lists_in(world: &World) {
    let authority = world::Caller::of(world, "authority");
    for (step, form, media_type) in [
        ("01-schools-are-sent", "gias", "text/csv"),
        ("03-successors-are-sent", "gias-links", "text/csv"),
        ("05-children-are-sent", "children", "text/csv"),
        ("08-places-are-sent", "ctf", "application/xml"),
    ] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/journeys/which-school")
            .join(step)
            .join("given.txt");
        let path = format!("/school/imports/{form}");
        let mut request = world::caller::Request::new("POST", &path).with("content-type", media_type);
        request.body = Some(std::fs::read(file).expect("a list"));
        let id = request.message_id;
        authority.asks(request).await.expect(201);
        let commit = format!("/school/imports/{id}/commit");
        authority.asks(world::caller::Request::new("POST", &commit)).await.expect(200);
    }
}

#[test]
fn every_scene_is_walked() {
    let text = ["scenes.mjs", "people.mjs"]
        .map(|file| std::fs::read_to_string(folder().join(file)).expect("scenes"))
        .concat();
    let functions = text.lines().filter_map(|line| line.strip_prefix("export async function "));
    let written: BTreeSet<&str> = functions.filter_map(|line| line.split('(').next()).collect();
    assert_eq!(
        written,
        NAMES.iter().copied().collect(),
        "each scene is named once in tests/stories/browser.rs"
    );
}
