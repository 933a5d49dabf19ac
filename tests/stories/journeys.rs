//! Journeys from a sender's system to the recipients': each a folder of files in `tests/journeys`, see `world/journey.rs`.

use crate::world;
use std::collections::BTreeSet;

/// One test a folder; the folder has the test's name with hyphens.
macro_rules! journeys {
    ($($name:ident)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(#[test]
        fn $name() {
            world::run(world::journey::walk(&stringify!($name).replace('_', "-")));
        })*
    };
}

journeys! {
    another_parent_refuses
    another_partner_has_a_refusal
    birth_notified
    centre_registered
    child_moved_to_another_area
    concern_raised
    consent_draft_or_proposed
    consent_entered_in_error
    consent_expired
    consent_for_an_unknown_purpose
    consent_for_another_purpose
    consent_for_one_resource
    consent_for_some_data
    consent_for_some_data_and_a_later_one
    consent_kept
    consent_names_a_role_only
    consent_names_another_centre
    consent_not_started
    consent_on_file
    consent_withdrawn_after_delivery
    consent_withdrawn_before_delivery
    deceased_and_remembered
    decision_not_to_share
    duplicate
    duty_not_claimed
    duty_over_a_refusal
    duty_without_consent
    explained
    flag_ended_after_a_move
    flag_in_foreign_words
    flag_nobody_has
    flag_number_beside_its_patient
    flag_pushed_and_ended
    flag_read
    flag_wrong
    foreign_parts_named_and_not_passed_on
    fourteen_day_check_as_fhir
    fourteen_day_check_permitted
    fourteen_day_check_without_permission
    headers
    health_needs
    health_review_permitted
    held_against_profiles
    identity_only
    integrated_review_permitted
    joint_plan_shared
    malformed_message
    malformed_record
    merged_nhs_numbers
    merged_nhs_numbers_and_a_refusal
    merged_nhs_numbers_and_a_young_persons_word
    moved
    name_and_birth_date_to_local_centres
    not_registered_for_the_kind
    nothing_there
    old_form_after_a_withdrawal
    older_form_after_a_newer
    parent_changes_her_mind
    parents_disagree
    permit_after_a_withdrawal
    profile_after_reception
    read_through
    read_through_merged_numbers
    read_through_some_data
    recall_not_named
    recalled_in_parts
    receipts_are_the_senders
    recipients_not_named
    refused
    research_opt_out
    restricted_address
    restricted_and_remembered
    restricted_words
    sealed_and_remembered
    told_no_more_than_was_there
    told_on_one_consent_of_several
    told_what_its_form_holds
    token_refused
    unknown_childs_centre
    which_school
    who_was_told
    whose_number
    withdrawn_after_an_attempt_in_the_dark
}

#[test]
fn every_folder_is_walked() {
    let folders = std::fs::read_dir(world::journey::folder()).unwrap();
    let folders: BTreeSet<String> =
        folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect();
    let named: BTreeSet<String> = NAMES.iter().map(|name| name.replace('_', "-")).collect();
    assert_eq!(folders, named, "each folder of tests/journeys is named once in tests/stories/journeys.rs");
}
