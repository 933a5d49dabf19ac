//! The sentences, each with the bound that it says.

/// A sentence about the policies.
pub struct Claim {
    /// As it stands in config/policies/README.md.
    pub sentence: &'static str,
    /// The policies that it is about, by `@id`; none means all together.
    pub of: &'static [&'static str],
    /// What must hold of every request that they allow, as a Cedar condition.
    pub bound: &'static str,
}

macro_rules! claim {
    ($sentence:literal, $of:expr, $bound:literal) => {
        Claim { sentence: $sentence, of: $of, bound: $bound }
    };
}

/// All sentences that speak of what is released.
pub fn claims() -> Vec<Claim> {
    vec![
        claim!(
            "Vendors, operators and information governance never receive anything.",
            &[],
            r#"!(principal in [Kith::Role::"vendor", Kith::Role::"operator", Kith::Role::"information-governance"])"#
        ),
        claim!(
            "Local authorities receive nothing about a child by these policies.",
            &[],
            r#"!(principal in Kith::Role::"local-authority")"#
        ),
        claim!(
            "Nothing is released without a consent, a claimed duty with its reason, or care for the child.",
            &[],
            r#"context.consent == Kith::Standing::"permit" ||
               (context.claimed == Kith::Ground::"safeguarding-duty" && context.reasonGiven) ||
               (principal in [Kith::Role::"health-visitor", Kith::Role::"gp", Kith::Role::"school-nurse"] && !context.relations.isEmpty())"#
        ),
        claim!(
            "Without the duty, a children's centre receives only what an active consent permits it today.",
            &[],
            r#"!(principal in Kith::Role::"childrens-centre") || context.consent == Kith::Standing::"permit" ||
               (context.claimed == Kith::Ground::"safeguarding-duty" && context.reasonGiven)"#
        ),
        claim!(
            "A school receives on the safeguarding duty, or name, birth date and `health-at-school` of a child that attends it where an active consent permits it today.",
            &[],
            r#"!(principal in Kith::Role::"school") || (context.claimed == Kith::Ground::"safeguarding-duty" && context.reasonGiven) ||
               (context.consent == Kith::Standing::"permit" && context.relations.contains(Kith::Relation::"school") &&
                (resource in [Kith::Item::"identity/name", Kith::Item::"identity/birth-date"] || resource in Kith::Dataset::"health-at-school"))"#
        ),
        claim!(
            "`maternal-wellbeing` goes to nobody but health visitor and practice.",
            &[],
            r#"!(resource in Kith::Dataset::"maternal-wellbeing") || principal in [Kith::Role::"health-visitor", Kith::Role::"gp"]"#
        ),
        claim!(
            "The address, school, household and registration of a restricted child go to nobody.",
            &[],
            r#"!context.restrictedAddress ||
               !(resource in [Kith::Item::"identity/address", Kith::Item::"school", Kith::Item::"household", Kith::Item::"registration"])"#
        ),
        claim!(
            "`safeguarding` is never released on the ground of consent.",
            &["consent-childrens-centre", "consent-school"],
            r#"!(resource in Kith::Dataset::"safeguarding")"#
        ),
        claim!(
            "The duty releases its minimum dataset alone, only when claimed with a reason, only to partners around the child.",
            &["safeguarding-duty-16la", "safeguarding-existing-law"],
            r#"context.claimed == Kith::Ground::"safeguarding-duty" && context.reasonGiven && !context.relations.isEmpty() &&
               (resource in [Kith::Item::"identity/name", Kith::Item::"identity/birth-date", Kith::Item::"identity/nhs-number", Kith::Item::"safeguarding"] ||
                (principal in [Kith::Role::"school-nurse", Kith::Role::"school"] && resource in Kith::Dataset::"school"))"#
        ),
        claim!(
            "A refusal stops everything but the duty.",
            &[],
            r#"context.consent != Kith::Standing::"deny" ||
               (context.claimed == Kith::Ground::"safeguarding-duty" && context.reasonGiven && !context.relations.isEmpty() &&
                (resource in [Kith::Item::"identity/name", Kith::Item::"identity/birth-date", Kith::Item::"identity/nhs-number", Kith::Item::"safeguarding"] ||
                 (principal in [Kith::Role::"school-nurse", Kith::Role::"school"] && resource in Kith::Dataset::"school")))"#
        ),
        claim!("Nothing of a sealed record is released.", &[], "!context.sealed"),
        claim!(
            "Nothing goes where a professional recorded that it would do harm.",
            &[],
            "!context.detriment"
        ),
        claim!(
            "For a child who has died only the duty and care between health roles go on.",
            &[],
            r#"!context.deceased || (context.claimed == Kith::Ground::"safeguarding-duty" && context.reasonGiven) ||
               (principal in [Kith::Role::"health-visitor", Kith::Role::"gp", Kith::Role::"school-nurse"] &&
                context.senderRole in [Kith::Role::"health-visitor", Kith::Role::"gp", Kith::Role::"school-nurse",
                                       Kith::Role::"maternity", Kith::Role::"child-health-information"])"#
        ),
        claim!(
            "A school nurse receives `identity`, `needs`, `health-at-school`, `school` and `safeguarding` alone.",
            &[],
            r#"!(principal in Kith::Role::"school-nurse") ||
               resource in [Kith::Dataset::"identity", Kith::Dataset::"needs", Kith::Dataset::"health-at-school", Kith::Dataset::"school", Kith::Dataset::"safeguarding"] ||
               resource in [Kith::Item::"identity/name", Kith::Item::"identity/birth-date", Kith::Item::"identity/nhs-number", Kith::Item::"safeguarding"]"#
        ),
        claim!(
            "Direct care asks for the relation that fits the role.",
            &["direct-care-gp", "direct-care-health-visitor", "direct-care-school-nurse"],
            r#"(principal in Kith::Role::"gp" && context.relations.containsAny([Kith::Relation::"practice", Kith::Relation::"on-file"])) ||
               (principal in Kith::Role::"health-visitor" && context.relations.containsAny([Kith::Relation::"in-reach", Kith::Relation::"on-file"])) ||
               (principal in Kith::Role::"school-nurse" &&
                context.relations.containsAny([Kith::Relation::"school", Kith::Relation::"in-reach", Kith::Relation::"on-file"]))"#
        ),
        claim!(
            "Claiming a legal order releases nothing by itself.",
            &[],
            r#"context.claimed != Kith::Ground::"legal-order" || context.consent == Kith::Standing::"permit" ||
               (principal in [Kith::Role::"health-visitor", Kith::Role::"gp", Kith::Role::"school-nurse"] && !context.relations.isEmpty())"#
        ),
    ]
}
