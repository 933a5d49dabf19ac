//! What a person who decides about waiting places sees, and which source may say what of a child.

use std::io::Cursor;

use crate::world;
use crate::world::World;
use crate::world::caller::Request;
use kith::domain::PartnerId;
use kith::pipeline::{Waiting, commit_import, open_waiting};
use kith::receive::take_in;
use kith::school::Form;
use kith::store::Import;
use serde_json::Value;

const SCHOOLS: &str = "URN,EstablishmentName,EstablishmentStatus (code)\n900455,Kenford Primary,1\n900456,Aldermere Primary,1\n";

/// Takes a list in and makes it count.
async fn takes(world: &World, source: &str, form: Form, text: &str) -> Import {
    let (house, at) = (world.house(), kith::clock::now());
    let source = PartnerId(source.to_owned());
    let file = Cursor::new(text.to_owned().into_bytes());
    let import = take_in(house, uuid::Uuid::new_v4(), form, &source, file, at).await.unwrap();
    commit_import(house, &import, "", at).await.unwrap()
}

/// What waits of the school in Aldermere.
async fn waiting(world: &World) -> Vec<Waiting> {
    open_waiting(world.house(), &[PartnerId("aldermere-primary".to_owned())], 10).await.unwrap()
}

#[test]
fn a_school_says_of_nobody_that_they_attend_another() {
    world::run(async {
        let world = World::start().await;
        takes(&world, "kenfordshire", Form::Gias, SCHOOLS).await;
        let child = "NHS number,Given name,Family name,Date of birth\n9991000089,Maja,Whitlock,2020-03-02\n";
        takes(&world, "kenfordshire", Form::Children, child).await;

        let head = "NHS number,School URN,Start date,End date\n";
        let elsewhere = format!("{head}9991000089,900455,2024-09-03,\n");
        let refused = takes(&world, "aldermere-primary", Form::Places, &elsewhere).await;
        assert_eq!(
            (refused.faults, refused.summary.added),
            (1, 0),
            "the other school says it, or an authority"
        );
        let before = format!("{head}9991000089,900455,2024-09-03,2025-07-20\n");
        let taken = takes(&world, "aldermere-primary", Form::Places, &before).await;
        assert_eq!((taken.faults, taken.summary.added), (0, 1), "where the child was before");
        let own = format!("{head}9991000089,900456,2025-09-03,\n");
        let taken = takes(&world, "aldermere-primary", Form::Places, &own).await;
        assert_eq!((taken.faults, taken.summary.added), (0, 1), "its own pupil");
        let taken = takes(&world, "kenfordshire", Form::Places, &elsewhere).await;
        assert_eq!(taken.faults, 0, "an authority speaks of all its schools");
    });
}

/// Says of Maja what a message said, and what a person then sees who decides about a pupil that has nearly her name.
async fn seen_once(message: &str) -> Vec<Waiting> {
    let world = World::start().await;
    takes(&world, "kenfordshire", Form::Gias, SCHOOLS).await;
    let child = "NHS number,Given name,Family name,Date of birth,Postcode\n9991000216,Maja,Whitlock,2026-03-02,CV99 1AA\n";
    takes(&world, "kenfordshire", Form::Children, child).await;
    let message: Value = serde_json::from_str(message).unwrap();
    let request = Request::new("POST", "/fhir/$process-message").json(&message);
    let answer = world.health_visitor().asks(request).await;
    assert!(answer.status < 300, "{}", answer.text());
    let pupil = "UPN,Forename,Surname,Date of birth,Postcode,School URN,Start date\n,Maya,Whitlock,2026-03-02,CV99 1AA,900456,2026-11-02\n";
    let taken = takes(&world, "aldermere-primary", Form::Places, pupil).await;
    assert_eq!(taken.summary.ambiguous, 1, "{:?}", taken.summary);
    waiting(&world).await
}

#[test]
fn where_a_restricted_child_lives_is_not_shown_to_who_decides() {
    world::run(async {
        let marked = include_str!("../journeys/restricted-and-remembered/1-marked-restricted/given.json");
        let seen = seen_once(marked).await;
        assert_eq!((seen.len(), seen[0].candidates.len()), (1, 1));
        assert!(seen[0].candidates[0].1.postcode.is_none());
        let unmarked = marked.replace("\"code\": \"R\"", "\"code\": \"N\"");
        let seen = seen_once(&unmarked).await;
        assert!(seen[0].candidates[0].1.postcode.is_some(), "without the mark it helps to decide");
    });
}

#[test]
fn a_sealed_record_is_nobodys_candidate() {
    world::run(async {
        let marked = include_str!("../journeys/sealed-and-remembered/1-marked-sealed/given.json");
        let seen = seen_once(marked).await;
        assert_eq!((seen.len(), seen[0].candidates.len()), (1, 0), "not even that it exists");
    });
}
