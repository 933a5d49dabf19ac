//! Resources of which more can be said than their definitions say: those that define something, and those that answer a definition.

mod measure;
mod operation;
mod questionnaire;
mod search_parameter;
mod structure;
mod structure_map;
mod terminology;

use super::{Place, Walk};
use crate::json::document::Id;

impl Walk<'_, '_> {
    /// Rules of single types that no definition can say.
    pub(super) fn special(&mut self, place: &Place<'_>, node: Id, type_name: &str) {
        self.contained_ids(place, node);
        self.security_labels(place, node);
        match type_name {
            "Bundle" => self.bundle_rules(place, node),
            "CapabilityStatement" => self.capability_statement(place, node),
            "CodeSystem" => self.code_system(place, node),
            "SearchParameter" => self.search_parameter(place, node),
            "StructureDefinition" => self.structure_definition(place, node),
            "StructureMap" => self.structure_map(place, node),
            "ValueSet" => self.value_set(place, node),
            "ConceptMap" => self.concept_map(place, node),
            "Measure" => self.measure(place, node),
            "MeasureReport" => self.measure_report(place, node),
            "OperationDefinition" => self.operation_definition(place, node),
            "Questionnaire" => self.questionnaire_items(place, node),
            "QuestionnaireResponse" => self.questionnaire_response(place, node),
            _ => {}
        }
    }
}
