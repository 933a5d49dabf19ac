//! Edge in: every address that Kith answers, on one page. A handler is named as its address and verb.

mod accept;
mod access;
mod address;
mod anybody;
mod audit;
mod batch;
mod births;
mod body;
pub mod caller;
mod conformance;
mod consents;
mod definitions;
mod developers;
mod doors;
mod explain;
mod flags;
mod follow;
mod headers;
mod journal;
mod health;
mod inbox;
mod messages;
mod metrics;
mod numbers;
mod openapi;
mod operations;
mod outcome;
mod pages;
mod party;
mod pretty;
mod reading;
mod records;
mod school;
mod search;
mod session;
mod submission;
mod tasks;
mod terminology;
mod told;
mod validation;
mod versions;
mod workbench;

pub use access::Door;
pub use doors::Doors;
pub use headers::envelope;
pub use outcome::Refused;
pub use school::{LookUps, import_as_json, take_in};
pub use session::SignIn;

use actix_web::web;

use address::{Address, at};

/// The URL table.
pub fn routes(app: &mut web::ServiceConfig) {
    app.app_data(pages::forms()).app_data(pages::queries()).app_data(batch::Within::default());
    for address in pages_for_people().into_iter().chain(for_systems()) {
        app.service(address);
    }
    // So clients ask that write the base with a slash in the end.
    app.service(at("/fhir/").post(batch::post_batch));
    app.service(web::scope("/fhir").configure(fhir)).default_service(web::to(outcome::not_offered));
}

fn fhir(app: &mut web::ServiceConfig) {
    for address in of_fhir().into_iter().chain(of_definitions()) {
        app.service(address);
    }
    // Of other types only the configuration knows whether they are asked of sources.
    app.route("/{type}", web::get().to(reading::search_sources))
        .route("/{type}/_search", web::post().to(reading::search_sources));
}

fn pages_for_people() -> Vec<Address> {
    vec![
        at("/").get(pages::get_home),
        at("/workbench").get(workbench::get_workbench).post(workbench::post_workbench),
        at("/developers").get(developers::get_developers),
        at("/developers/forms/{kind}").get(developers::get_form),
        at("/developers/profiles/{id}").get(developers::get_profile),
        at("/developers/codes/{type}/{id}").get(developers::get_codes),
        at("/who-was-told").get(told::get_who_was_told).post(told::post_who_was_told),
        at("/school").get(school::get_page).post(school::post_page),
        at("/school/reviews").get(school::get_reviews).post(school::post_reviews),
        at("/school/needs").post(school::post_needs),
        at("/inbox").get(inbox::get_inbox).post(inbox::post_inbox),
        at("/inbox/cards").get(inbox::get_cards),
        at("/inbox/export").get(inbox::get_export),
        at("/births").get(births::get_births).post(births::post_births),
        at("/operations").get(operations::get_operations).post(operations::post_operations),
        at("/operations/deliveries/{id}").get(operations::get_delivery),
        at("/sign-in").get(session::get_sign_in),
        at("/signed-in").get(session::get_signed_in),
        at("/sign-out").post(session::post_sign_out),
        at("/assets/{name}").get(pages::get_asset),
    ]
}

/// What systems ask that do not speak FHIR; `/openapi.json` describes it.
fn for_systems() -> Vec<Address> {
    vec![
        at("/health/live").get(health::live),
        at("/health/ready").get(health::ready),
        at("/metrics").get(metrics::get_metrics),
        at("/journal/heads").get(journal::get_heads),
        at("/openapi.json").get(openapi::get_description),
        at("/.well-known/smart-configuration").get(conformance::smart_configuration),
        at("/maps/{file}").get(definitions::get_map),
        at("/package.tgz").get(definitions::get_package),
        at("/school/imports/{import}")
            .get(school::get_import)
            .post(school::post_import)
            .delete(school::delete_import),
        at("/school/imports/{import}/faults.csv").get(school::get_faults),
        at("/school/imports/{import}/commit").post(school::post_commit),
        at("/inbox/messages").get(inbox::get_messages),
        at("/births/{month}").get(births::get_month),
        at("/births/{month}/list").get(births::get_list),
        at("/records/{kind}").post(records::post_record),
        at("/fhir").post(batch::post_batch),
    ]
}

/// What `/fhir/metadata` describes; of two that fit an address, the first counts.
fn of_fhir() -> Vec<Address> {
    let mut all = vec![
        at("/metadata").get(conformance::metadata),
        at("/.well-known/smart-configuration").get(conformance::smart_configuration),
        at("/$process-message").post(messages::process_message),
        at("/{type}/$validate").post(validation::post_validate),
        at("/Consent/{id}/$validate").get(validation::get_consent).post(validation::post_validate_instance),
        at("/Task/{id}/$validate").get(validation::get_task).post(validation::post_validate_instance),
        at("/AuditEvent/{id}/$validate")
            .get(validation::get_audit_event)
            .post(validation::post_validate_instance),
        at("/Flag").get(reading::search_sources).post(flags::post_flag),
        at("/Flag/_search").post(reading::search_sources),
        at("/Flag/{id}").put(flags::put_flag),
        at("/Consent").get(consents::search_consents).post(consents::post_consent),
        at("/Consent/_search").post(consents::search_consents),
        at("/Consent/$explain").post(explain::post_explain),
        at("/Consent/{id}").get(consents::get_consent).put(consents::put_consent),
        at("/Consent/{id}/_history").get(consents::get_history),
        at("/Consent/{id}/_history/{version}").get(consents::get_version),
        at("/Patient/$merge").post(numbers::post_merge),
        at("/Patient/$unmerge").post(numbers::post_unmerge),
        at("/Patient/$school").get(school::get_school).post(school::post_school),
        at("/Task").get(tasks::search_tasks),
        at("/Task/_search").post(tasks::search_tasks),
        at("/Task/{id}").get(tasks::get_task).put(tasks::put_task),
        at("/AuditEvent").get(audit::search_audit_events),
        at("/AuditEvent/_search").post(audit::search_audit_events),
        at("/AuditEvent/{id}").get(audit::get_audit_event),
    ];
    for name in ["Observation", "Encounter", "CarePlan", "CareTeam", "QuestionnaireResponse"] {
        all.push(at(format!("/{name}")).get(reading::search_sources));
        all.push(at(format!("/{name}/_search")).post(reading::search_sources));
    }
    all
}

/// Kith's definitions, and questions about codes; and, of resources of any type that it does not hold, the check of what would take their place.
fn of_definitions() -> Vec<Address> {
    let mut all = Vec::new();
    for one in terminology::OPERATIONS {
        let asked = |before: &str| at(format!("/{}{before}/${}", one.on, one.name));
        all.push(asked("").get(terminology::answer).post(terminology::answer));
        if one.of_one {
            all.push(asked("/{id}").get(terminology::answer).post(terminology::answer));
        }
    }
    for name in definitions::TYPES {
        all.push(at(format!("/{name}")).get(definitions::search_definitions));
        all.push(at(format!("/{name}/_search")).post(definitions::search_definitions));
        all.push(at(format!("/{name}/{{id}}")).get(definitions::get_definition));
        let checked = at(format!("/{name}/{{id}}/$validate")).get(validation::get_definition);
        all.push(checked.post(validation::post_validate_instance));
    }
    all.push(at("/{type}/{id}/$validate").post(validation::post_validate_instance));
    all
}
