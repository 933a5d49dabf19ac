// Kith's own extensions. UK Core and HL7 have no place for what they say.

Extension: ParentalResponsibility
Id: parental-responsibility
Title: "Parental responsibility"
Description: "Whether this person holds parental responsibility for the child, as the sender recorded it. It has the meaning of the extension of the same name in Digital Child Health, for which UK Core has no successor. Absence means that nobody said, not that the person holds none."
Context: RelatedPerson
* value[x] 1..1
* value[x] only boolean

Extension: HouseholdMember
Id: household-member
Title: "Member of the household"
Description: "Whether this person lives in the child's household. A parent who lives elsewhere is `false`; absence means that nobody said."
Context: RelatedPerson
* value[x] 1..1
* value[x] only boolean

Extension: LocalCentres
Id: local-centres
Title: "All local centres"
Description: "Whether the permission or refusal covers every children's centre in whose area the child lives, now and after a move, beside those that are named."
Context: Consent.provision
* value[x] 1..1
* value[x] only boolean

Extension: NoVisitRule
Id: no-visit-rule
Title: "No unannounced visits"
Description: "Whether nobody may call at the home unannounced. It travels with the permission, because whoever reads the one must see the other."
Context: Consent
* value[x] 1..1
* value[x] only boolean

Extension: NoVisitReason
Id: no-visit-reason
Title: "Why nobody may call unannounced"
Description: "The reason for the rule that nobody may call at the home unannounced, in the words of the form."
Context: Consent
* value[x] 1..1
* value[x] only string

Extension: CompetentYoungPerson
Id: competent-young-person
Title: "Competent young person"
Description: "Whether somebody who may judge it found the young person who gave this consent competent to decide. Without it a child's own agreement is not used; its refusal always is."
Context: Consent
* value[x] 1..1
* value[x] only boolean

Extension: DecisionReason
Id: decision-reason
Title: "Reason of a decision not to share"
Description: "Why a professional decided not to tell, in their own words. It stays with the decision and is passed on to nobody."
Context: Consent
* value[x] 1..1
* value[x] only string

Extension: AbuseCategory
Id: abuse-category
Title: "Category of abuse"
Description: "The category under which a child is on a child protection plan. It is an extension because Flag.category says what kind of flag it is, not what the harm is."
Context: Flag
* value[x] 1..1
* value[x] only CodeableConcept
* value[x] from AbuseCategorySet (required)

Extension: StartedBy
Id: started-by
Title: "What the entry began with"
Description: "The event or body that began the entry in the register, such as a child protection conference."
Context: Flag
* value[x] 1..1
* value[x] only string

Extension: FlagNote
Id: flag-note
Title: "Note on a flag"
Description: "A remark of the author on this flag. A Flag in FHIR R4 has no note of its own."
Context: Flag
* value[x] 1..1
* value[x] only string

Extension: Basis
Id: basis
Title: "Basis of a statement"
Description: "Whether a statement of concern is fact, was reported by somebody else, or is a professional's opinion. A reader must never have to guess which."
Context: Observation
* value[x] 1..1
* value[x] only code
* value[x] from BasisSet (required)

Extension: ObserverRole
Id: observer-role
Title: "Role of the observer"
Description: "What the person who made the statement is to the child or in their service, in the sender's words."
Context: Reference
* value[x] 1..1
* value[x] only string

Extension: Evidence
Id: evidence
Title: "Evidence for a statement"
Description: "What the statement rests on: what was seen, said or written, where and when."
Context: Observation
* value[x] 1..1
* value[x] only string

Extension: SuggestedPatch
Id: suggested-patch
Title: "Correction of an issue"
Description: "The JSON Patch (RFC 6902), as text, that mends what the issue names. It is given only where one correction alone is possible; its paths are those of the resource that was validated."
Context: OperationOutcome.issue
* value[x] 1..1
* value[x] only string

Extension: DemandedBy
Id: demanded-by
Title: "Who demands what an issue says is not so"
Description: "The profile, or the definition of the extension, that demands it. Where there is none, FHIR itself does."
Context: OperationOutcome.issue
* value[x] 1..1
* value[x] only canonical

Extension: TrainedPerson
Id: trained-person
Title: "Who is trained"
Description: "Somebody at the school who knows what to do, by name or role, in the sender's words."
Context: CarePlan
* value[x] 1..1
* value[x] only string

Extension: PlanContact
Id: plan-contact
Title: "Whom to ask about a plan"
Description: "A telephone number or mailbox of the service that wrote the plan."
Context: CarePlan
* value[x] 1..1
* value[x] only string

Extension: ReasonLeft
Id: reason-left
Title: "Why a family left"
Description: "Why a family's registration ended, in the words of the service that it left."
Context: EpisodeOfCare
* value[x] 1..1
* value[x] only string

Extension: AgeRange
Id: age-range
Title: "Ages in months"
Description: "For children of which age a service is, in completed months. HealthcareService has no place for it but words."
Context: HealthcareService
* extension contains from 0..1 and to 0..1
* extension[from].value[x] 1..1
* extension[from].value[x] only integer
* extension[to].value[x] 1..1
* extension[to].value[x] only integer
