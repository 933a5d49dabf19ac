//! Questions about codes, as a vendor's program asks them: what is here is answered, what is not is said.

use crate::addresses::nobody;
use crate::world::caller::Request;
use crate::world::{Answer, World, run};
use serde_json::{Value, json};

const GENDER: &str = "http://hl7.org/fhir/administrative-gender";
const GENDERS: &str = "http://hl7.org/fhir/ValueSet/administrative-gender";
const RELATIONSHIPS: &str = "https://kith.example/fhir/ConceptMap/relationship";

async fn asks(world: &World, path: &str) -> Answer {
    nobody(world).gets(path).await
}

async fn told(world: &World, path: &str) -> Value {
    asks(world, path).await.expect(200).json()
}

async fn posts(world: &World, path: &str, parameters: Value) -> Answer {
    let body = json!({ "resourceType": "Parameters", "parameter": parameters });
    nobody(world).asks(Request::new("POST", path).json(&body)).await
}

/// The value of a parameter of the answer.
fn value<'v>(told: &'v Value, name: &str) -> &'v Value {
    let all = told["parameter"].as_array().unwrap_or_else(|| panic!("{told}"));
    let one = all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name}: {told}"));
    let found = one.as_object().unwrap().iter().find(|(key, _)| key.starts_with("value"));
    found.map(|(_, value)| value).unwrap()
}

fn codes(value_set: &Value) -> Vec<&str> {
    let all = value_set["expansion"]["contains"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn a_value_set_is_listed_whole_in_pages_and_by_what_is_sought() {
    run(async {
        let world = World::start().await;
        let whole = told(&world, &format!("/fhir/ValueSet/$expand?url={GENDERS}")).await;
        assert_eq!(codes(&whole), ["male", "female", "other", "unknown"]);
        assert_eq!(
            whole["expansion"]["contains"][0],
            json!({ "system": GENDER, "code": "male", "display": "Male" })
        );
        assert_eq!((&whole["url"], &whole["expansion"]["total"]), (&json!(GENDERS), &json!(4)));
        let page = told(&world, &format!("/fhir/ValueSet/$expand?url={GENDERS}&count=2&offset=1")).await;
        assert_eq!(codes(&page), ["female", "other"]);
        assert_eq!(page["expansion"]["total"], 4);
        let sought = told(&world, &format!("/fhir/ValueSet/$expand?url={GENDERS}&filter=MALE")).await;
        assert_eq!(codes(&sought), ["male", "female"]);

        // Of one of Kith's own, by its id and by Parameters.
        let found = told(&world, "/fhir/ValueSet?_count=1&_elements=url").await;
        let own = &found["entry"][0]["resource"];
        let by_id = told(&world, &format!("/fhir/ValueSet/{}/$expand", own["id"].as_str().unwrap())).await;
        let by_url =
            posts(&world, "/fhir/ValueSet/$expand", json!([{ "name": "url", "valueUri": own["url"] }])).await;
        assert_eq!(codes(&by_id), codes(&by_url.expect(200).json()));
        assert!(!codes(&by_id).is_empty() && by_id["status"] == "draft", "{by_id}");
    });
}

#[test]
fn a_value_set_may_come_with_the_question() {
    run(async {
        let world = World::start().await;
        let set = |include: Value| json!({ "resourceType": "ValueSet", "status": "draft", "name": "Mine", "compose": { "include": [include] } });
        let of_genders =
            |codes: Value| json!({ "system": "http://hl7.org/fhir/administrative-gender", "concept": codes });
        let mine = set(of_genders(json!([{ "code": "male" }, { "code": "other" }])));
        let asked = |set: &Value| json!([{ "name": "valueSet", "resource": set }]);
        let found = posts(&world, "/fhir/ValueSet/$expand", asked(&mine)).await.expect(200).json();
        assert_eq!((codes(&found), &found["name"]), (vec!["male", "other"], &json!("Mine")));
        assert!(found.get("url").is_none(), "{found}");
        // As the body itself, with the rest in the query; and made of one that is known.
        let within = set(json!({ "valueSet": [GENDERS] }));
        let request = Request::new("POST", "/fhir/ValueSet/$expand?filter=MALE").json(&within);
        let found = nobody(&world).asks(request).await.expect(200).json();
        assert_eq!(codes(&found), ["male", "female"]);

        let is_in = async |code: &str| {
            let mut parameters = asked(&mine);
            let system = json!({ "name": "system", "valueUri": "http://hl7.org/fhir/administrative-gender" });
            let more = [system, json!({ "name": "code", "valueCode": code })];
            parameters.as_array_mut().unwrap().extend(more);
            let told = posts(&world, "/fhir/ValueSet/$validate-code", parameters).await.expect(200).json();
            value(&told, "result").clone()
        };
        assert_eq!((is_in("male").await, is_in("female").await), (json!(true), json!(false)));

        let mut both = asked(&mine);
        both.as_array_mut().unwrap().push(json!({ "name": "url", "valueUri": GENDERS }));
        let many = vec![of_genders(json!([{ "code": "male" }])); 101];
        let mut large = mine.clone();
        large["compose"]["include"] = json!(many);
        for (parameters, says) in [
            (both, "not both"),
            (
                json!([{ "name": "valueSet", "resource": mine }, { "name": "valueSet", "resource": mine }]),
                "twice",
            ),
            (json!([{ "name": "valueSet", "valueString": "x" }]), "no resource"),
            (
                asked(&json!({ "resourceType": "CodeSystem", "status": "draft", "content": "complete" })),
                "not a ValueSet",
            ),
            (
                asked(&set(json!({ "system": "http://snomed.info/sct" }))),
                "not all of its codes can be listed",
            ),
            (asked(&set(json!({ "colour": "red" }))), "colour"),
            (asked(&large), "more than 100 parts"),
        ] {
            let refused = posts(&world, "/fhir/ValueSet/$expand", parameters).await.expect(422).text();
            assert!(refused.contains(says), "{says}: {refused}");
        }
        let wrong = Request::new("POST", "/fhir/CodeSystem/$lookup").json(&mine);
        nobody(&world).asks(wrong).await.expect(422);
        nobody(&world).gets("/fhir/ValueSet/$expand?valueSet=x").await.expect(400);
    });
}

#[test]
fn what_is_not_here_is_said_and_nothing_is_guessed() {
    run(async {
        let world = World::start().await;
        for (path, status, code, says) in [
            ("/fhir/ValueSet/$expand?url=http://nobody.example/vs", 404, "not-found", "is not known"),
            (
                "/fhir/ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/languages|9.9",
                404,
                "not-found",
                "version",
            ),
            (
                "/fhir/ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/mimetypes",
                422,
                "not-supported",
                "have no end",
            ),
            (
                "/fhir/ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/condition-code",
                422,
                "not-supported",
                "snomed",
            ),
            ("/fhir/ValueSet/$expand", 400, "required", "'url' is missing"),
            ("/fhir/ValueSet/$expand?url=x&activeOnly=true", 400, "invalid", "no such search parameter"),
            ("/fhir/ValueSet/nobody/$expand", 404, "not-found", "no such definition"),
            (
                "/fhir/CodeSystem/$lookup?system=http://snomed.info/sct&code=169852004",
                422,
                "not-supported",
                "not here",
            ),
            (
                "/fhir/CodeSystem/$lookup?system=http://nobody.example&code=1",
                422,
                "not-supported",
                "not known",
            ),
            (
                "/fhir/CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=boy",
                404,
                "code-invalid",
                "no such code",
            ),
            (
                "/fhir/ConceptMap/$translate?url=http://nobody.example/map&code=x",
                404,
                "not-found",
                "no such code map",
            ),
            ("/fhir/ConceptMap/$expand", 404, "not-found", "no such operation"),
        ] {
            let answer = asks(&world, path).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.text());
            let issue = answer.json()["issue"][0].clone();
            assert_eq!(issue["code"], code, "{path}: {issue}");
            assert!(issue["diagnostics"].as_str().unwrap().contains(says), "{path}: {issue}");
        }
        let twice = json!([{ "name": "url", "valueUri": GENDERS }, { "name": "url", "valueUri": GENDERS }]);
        assert_eq!(posts(&world, "/fhir/ValueSet/$expand", twice).await.status, 422);
        let other = format!("/fhir/CodeSystem/example/$validate-code?code=x&url={GENDER}");
        assert_eq!(asks(&world, &other).await.status, 404);
    });
}

#[test]
fn a_code_is_in_a_value_set_or_not_and_is_called_so_or_not() {
    run(async {
        let world = World::start().await;
        let asked = |more: &str| format!("/fhir/ValueSet/$validate-code?url={GENDERS}&{more}");
        let good = told(&world, &asked(&format!("system={GENDER}&code=female"))).await;
        assert_eq!((value(&good, "result"), value(&good, "display")), (&json!(true), &json!("Female")));
        let misnamed = told(&world, &asked(&format!("system={GENDER}&code=female&display=Male"))).await;
        assert_eq!(value(&misnamed, "result"), &json!(false));
        assert!(value(&misnamed, "message").as_str().unwrap().contains("called 'Female'"), "{misnamed}");
        let none = told(&world, &asked(&format!("system={GENDER}&code=boy"))).await;
        assert_eq!(value(&none, "result"), &json!(false));
        // A concept with several codes is in it when one of them is.
        let concept =
            json!({ "coding": [{ "system": "urn:x", "code": "1" }, { "system": GENDER, "code": "male" }] });
        let parameters = json!([{ "name": "url", "valueUri": GENDERS }, { "name": "codeableConcept", "valueCodeableConcept": concept }]);
        let one_of = posts(&world, "/fhir/ValueSet/$validate-code", parameters).await.expect(200).json();
        assert_eq!((value(&one_of, "result"), value(&one_of, "code")), (&json!(true), &json!("male")));

        let of_system =
            told(&world, &format!("/fhir/CodeSystem/$validate-code?url={GENDER}&code=other")).await;
        assert_eq!(value(&of_system, "result"), &json!(true));
        let meaning = told(&world, &format!("/fhir/CodeSystem/$lookup?system={GENDER}&code=unknown")).await;
        assert_eq!(value(&meaning, "display"), &json!("Unknown"));
        // What looks like one of its codes is none when it is another system's; and what is asked of two systems is not answered.
        let version = format!("/fhir/CodeSystem/$validate-code?url={GENDER}|4.0.1&code=male");
        assert_eq!(value(&told(&world, &version).await, "system"), GENDER);
        let elsewhere = json!({ "system": "urn:x", "code": "male" });
        let of_two =
            json!([{ "name": "url", "valueUri": GENDER }, { "name": "coding", "valueCoding": elsewhere }]);
        let no = posts(&world, "/fhir/CodeSystem/$validate-code", of_two).await.expect(200).json();
        assert_eq!(value(&no, "result"), &json!(false), "{no}");
        let of_two =
            json!([{ "name": "system", "valueUri": GENDER }, { "name": "coding", "valueCoding": elsewhere }]);
        assert_eq!(posts(&world, "/fhir/CodeSystem/$lookup", of_two).await.status, 422);
        let act = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
        for (a, b, outcome) in [
            ("_ActEncounterCode", "AMB", "subsumes"),
            ("AMB", "_ActEncounterCode", "subsumed-by"),
            ("AMB", "AMB", "equivalent"),
            ("AMB", "IMP", "not-subsumed"),
        ] {
            let path = format!("/fhir/CodeSystem/$subsumes?system={act}&codeA={a}&codeB={b}");
            assert_eq!(value(&told(&world, &path).await, "outcome"), outcome, "{a} {b}");
        }
    });
}

#[test]
fn a_word_of_a_record_is_a_code_and_a_code_is_that_word_again() {
    run(async {
        let world = World::start().await;
        let maps = told(&world, "/fhir/ConceptMap?_count=200").await;
        let mut tried = 0;
        for map in maps["entry"].as_array().unwrap().iter().map(|one| &one["resource"]) {
            let (id, url) = (map["id"].as_str().unwrap(), map["url"].as_str().unwrap());
            for group in map["group"].as_array().unwrap() {
                let element = &group["element"][0];
                let (word, code) = (element["code"].as_str().unwrap(), element["target"][0]["code"].as_str());
                let Some(code) = code else { continue };
                let path = format!("/fhir/ConceptMap/{id}/$translate");
                let there = posts(&world, &path, json!([{ "name": "code", "valueCode": word }]));
                let there = there.await.expect(200).json();
                assert_eq!(value(&there, "result"), &json!(true), "{there}");
                let matches = there["parameter"].as_array().unwrap().iter().map(|one| &one["part"]);
                let found = matches.into_iter().find(|part| part[1]["valueCoding"]["code"] == code);
                assert_eq!(found.unwrap_or_else(|| panic!("{code}: {there}"))[2]["valueUri"], url);
                let system = group["target"].as_str().unwrap();
                let coding = json!({ "system": system, "code": code });
                let back = json!([{ "name": "url", "valueUri": url }, { "name": "coding", "valueCoding": coding }, { "name": "reverse", "valueBoolean": true }]);
                let back = posts(&world, "/fhir/ConceptMap/$translate", back).await.expect(200).json();
                assert!(back.to_string().contains(&format!("\"code\":\"{word}\"")), "{back}");
                tried += 1;
            }
        }
        assert!(tried > 25, "{tried}");
        let none =
            told(&world, &format!("/fhir/ConceptMap/$translate?url={RELATIONSHIPS}&code=stranger-to-all"))
                .await;
        assert_eq!(value(&none, "result"), &json!(false));
    });
}

#[test]
fn whoever_asks_learns_of_which_systems_codes_are_known() {
    run(async {
        let world = World::start().await;
        let said = told(&world, "/fhir/metadata?mode=terminology").await;
        assert_eq!(said["resourceType"], "TerminologyCapabilities");
        let systems = said["codeSystem"].as_array().unwrap();
        assert!(systems.len() > 1000 && systems.contains(&json!({ "uri": GENDER })), "{}", systems.len());
        assert_eq!(told(&world, "/fhir/metadata?mode=full").await["resourceType"], "CapabilityStatement");
        assert_eq!(asks(&world, "/fhir/metadata?mode=x").await.status, 400);
        // It holds what R4 asks of it.
        let nobody = nobody(&world);
        let request = Request::new("POST", "/fhir/TerminologyCapabilities/$validate").json(&said);
        let checked = nobody.asks(request).await.expect(200).json();
        assert!(!checked.to_string().contains("\"error\""), "{checked}");
    });
}
