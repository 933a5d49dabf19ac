//! Edge in: every address that Kith answers, on one page. A handler is named as its address and verb.

mod accept;
mod access;
mod audit;
mod births;
mod body;
pub mod caller;
mod conformance;
mod consents;
mod definitions;
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
mod openapi;
mod operations;
mod outcome;
mod pages;
mod party;
mod reading;
mod records;
mod school;
mod search;
mod session;
mod submission;
mod tasks;
mod told;
mod validation;
mod workbench;

pub use access::Door;
pub use doors::Doors;
pub use headers::envelope;
pub use outcome::Refused;
pub use school::{LookUps, import_as_json, take_in};
pub use session::SignIn;

use actix_web::web;

/// The URL table.
pub fn routes(app: &mut web::ServiceConfig) {
    app.app_data(pages::forms())
        .app_data(pages::queries())
        .route("/", web::get().to(pages::get_home))
        .route("/workbench", web::get().to(workbench::get_workbench))
        .route("/workbench", web::post().to(workbench::post_workbench))
        .route("/who-was-told", web::get().to(told::get_who_was_told))
        .route("/who-was-told", web::post().to(told::post_who_was_told))
        .route("/school", web::get().to(school::get_page))
        .route("/school", web::post().to(school::post_page))
        .route("/school/reviews", web::get().to(school::get_reviews))
        .route("/school/reviews", web::post().to(school::post_reviews))
        .route("/school/needs", web::post().to(school::post_needs))
        .route("/inbox", web::get().to(inbox::get_inbox))
        .route("/inbox", web::post().to(inbox::post_inbox))
        .route("/inbox/cards", web::get().to(inbox::get_cards))
        .route("/inbox/export", web::get().to(inbox::get_export))
        .route("/inbox/messages", web::get().to(inbox::get_messages))
        .route("/births", web::get().to(births::get_births))
        .route("/births", web::post().to(births::post_births))
        .route("/births/{month}", web::get().to(births::get_month))
        .route("/births/{month}/list", web::get().to(births::get_list))
        .route("/operations", web::get().to(operations::get_operations))
        .route("/operations", web::post().to(operations::post_operations))
        .route("/operations/deliveries/{id}", web::get().to(operations::get_delivery))
        .route("/sign-in", web::get().to(session::get_sign_in))
        .route("/signed-in", web::get().to(session::get_signed_in))
        .route("/sign-out", web::post().to(session::post_sign_out))
        .route("/assets/{name}", web::get().to(pages::get_asset))
        .route("/health/live", web::get().to(health::live))
        .route("/health/live", web::head().to(health::live))
        .route("/health/ready", web::get().to(health::ready))
        .route("/health/ready", web::head().to(health::ready))
        .route("/metrics", web::get().to(metrics::get_metrics))
        .route("/journal/heads", web::get().to(journal::get_heads))
        .route("/openapi.json", web::get().to(openapi::description))
        .route("/.well-known/smart-configuration", web::get().to(conformance::smart_configuration))
        .route("/maps/{file}", web::get().to(definitions::get_map))
        .route("/package.tgz", web::get().to(definitions::get_package))
        .route("/school/imports/{form}", web::post().to(school::post_import))
        .route("/school/imports/{id}", web::get().to(school::get_import))
        .route("/school/imports/{id}", web::delete().to(school::delete_import))
        .route("/school/imports/{id}/faults.csv", web::get().to(school::get_faults))
        .route("/school/imports/{id}/commit", web::post().to(school::post_commit))
        .route("/records/{kind}", web::post().to(records::post_record))
        .route("/fhir", web::post().to(outcome::no_batch))
        .service(web::scope("/fhir").configure(fhir))
        .default_service(web::to(outcome::not_offered));
}

fn fhir(app: &mut web::ServiceConfig) {
    app.route("/metadata", web::get().to(conformance::metadata))
        .route("/.well-known/smart-configuration", web::get().to(conformance::smart_configuration))
        .route("/$process-message", web::post().to(messages::process_message))
        .route("/Flag", web::post().to(flags::post_flag))
        .route("/Flag/{id}", web::put().to(flags::put_flag))
        .route("/Consent", web::post().to(consents::post_consent))
        .route("/Consent", web::get().to(consents::search_consents))
        .route("/Consent/_search", web::post().to(consents::search_consents))
        .route("/Consent/$explain", web::post().to(explain::post_explain))
        .route("/Consent/{id}", web::get().to(consents::get_consent))
        .route("/Consent/{id}", web::put().to(consents::put_consent))
        .route("/Consent/{id}/_history", web::get().to(consents::get_history))
        .route("/Consent/{id}/_history/{version}", web::get().to(consents::get_version))
        .route("/Patient/$school", web::get().to(school::get_school))
        .route("/Patient/$school", web::post().to(school::post_school))
        .route("/Task", web::get().to(tasks::search_tasks))
        .route("/Task/_search", web::post().to(tasks::search_tasks))
        .route("/Task/{id}", web::get().to(tasks::get_task))
        .route("/Task/{id}", web::put().to(tasks::put_task))
        .route("/AuditEvent", web::get().to(audit::search_audit_events))
        .route("/AuditEvent/_search", web::post().to(audit::search_audit_events))
        .route("/AuditEvent/{id}", web::get().to(audit::get_audit_event))
        .route("/{type}/$validate", web::post().to(validation::post_validate))
        .route("/{type}/{id}/$validate", web::post().to(validation::post_validate_instance))
        .route("/Consent/{id}/$validate", web::get().to(validation::get_consent))
        .route("/Task/{id}/$validate", web::get().to(validation::get_task))
        .route("/AuditEvent/{id}/$validate", web::get().to(validation::get_audit_event))
        .route("/{type}/_search", web::post().to(reading::search_sources));
    for type_name in definitions::TYPES {
        app.route(&format!("/{type_name}"), web::get().to(definitions::search_definitions))
            .route(&format!("/{type_name}/{{id}}"), web::get().to(definitions::get_definition))
            .route(&format!("/{type_name}/{{id}}/$validate"), web::get().to(validation::get_definition));
    }
    app.route("/{type}", web::get().to(reading::search_sources));
}
