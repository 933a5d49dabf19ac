//! Lists of schools, children and places, and look-ups, with canaries in every field, good and bad.

use serde_json::json;

use super::Answers;
use super::canary::{BIRTH_DATE, CANARY, NUMBER, OTHER_NUMBER, POSTCODE};
use super::world::caller::Request;
use super::world::{Caller, World};

const SCHOOLS: &str = "URN,EstablishmentName,EstablishmentStatus (code),LA (code),EstablishmentNumber\n900455,Kenford Primary School,1,820,9001\n";

/// Sends them, and keeps what is answered.
pub async fn lists_and_look_ups(world: &World, answers: &mut Answers) {
    let authority = Caller::of(world, "authority");
    let head = "NHS number,Given name,Family name,Date of birth,Postcode";
    let row = format!("{NUMBER},{CANARY},{CANARY} son,{BIRTH_DATE},{POSTCODE}");
    let children = format!(
        "{head}\n{row}\n{row}\n{CANARY},{NUMBER},,{NUMBER},{CANARY}\n{OTHER_NUMBER}9,{CANARY},x,2099-01-01,{NUMBER}\n"
    );
    let ctf = |pupil: &str| {
        format!(
            "<CTfile><Header><SourceSchool><URN>900455</URN></SourceSchool></Header><CTFpupilData>{pupil}</CTFpupilData></CTfile>"
        )
    };
    let pupil = format!(
        "<Pupil><UPN>{CANARY}</UPN><Surname>{CANARY}</Surname><Forename>{CANARY}</Forename><DOB>{BIRTH_DATE}</DOB></Pupil>"
    );
    let good = pupil.replace(&format!("<UPN>{CANARY}</UPN>"), "");
    for (form, media_type, text) in [
        ("gias", "text/csv", SCHOOLS.to_owned()),
        ("children", "text/csv", children.clone()),
        ("children", "text/csv", format!("{CANARY},{NUMBER}\n{row}\n")),
        ("children", "text/csv", format!("{head}\n\"{row}")),
        (
            "places",
            "text/csv",
            format!("NHS number,School URN,Start date\n{NUMBER},900455,\n{NUMBER},{CANARY},{NUMBER}\n"),
        ),
        ("ctf", "application/xml", ctf(&good)),
        ("ctf", "application/xml", ctf(&pupil)),
        ("ctf", "application/xml", ctf(&format!("<{CANARY}>{NUMBER}"))),
        ("ctf", "application/xml", format!("<!DOCTYPE {CANARY}>{}", ctf(&good))),
        ("ctf", "application/xml", ctf(&good.replace(CANARY, &format!("&{CANARY};")))),
    ] {
        let path = format!("/school/imports/{form}");
        let mut request = Request::new("POST", &path).with("content-type", media_type);
        request.body = Some(text.into_bytes());
        let id = request.message_id;
        let answer = authority.asks(request).await;
        answers.0.push(answer.text());
        for (method, rest) in [("GET", ""), ("GET", "/faults.csv"), ("POST", "/commit"), ("POST", "/commit")]
        {
            let path = format!("/school/imports/{id}{rest}");
            answers.0.push(authority.asks(Request::new(method, &path)).await.text());
        }
    }
    let school = Caller::of(world, "school");
    for record in [
        json!({ "child": { "nhsNumber": NUMBER, "name": { "given": [CANARY], "family": CANARY }, "birthDate": BIRTH_DATE }, "school": { "urn": "900455" } }),
        json!({ "child": { "nhsNumber": CANARY, "upn": NUMBER, "postcode": CANARY, "birthDate": NUMBER }, "school": { "urn": CANARY }, "start": CANARY }),
    ] {
        answers.0.push(school.asks(Request::new("POST", "/records/school-place").json(&record)).await.text());
    }
    let nurse = Caller::of(world, "school-nurse");
    for query in [
        format!("nhs-number={NUMBER}&birthdate={BIRTH_DATE}"),
        format!("nhs-number={NUMBER}&birthdate={CANARY}"),
        format!("nhs-number={CANARY}&birthdate={BIRTH_DATE}&purpose={CANARY}"),
        format!("{CANARY}={NUMBER}"),
    ] {
        answers.0.push(nurse.gets(&format!("/fhir/Patient/$school?{query}")).await.text());
    }
    let odd = json!({ "resourceType": CANARY, "parameter": [{ "name": NUMBER, "valueString": CANARY }, { "name": "child", "part": [{ "name": "nhs-number", "valueString": CANARY }] }] });
    answers.0.push(nurse.asks(Request::new("POST", "/fhir/Patient/$school").json(&odd)).await.text());
}
