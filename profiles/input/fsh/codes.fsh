// Kith's own codes that are not in a code map of the mappings.

RuleSet: Published
* version = "0.1.0"
* status = #draft
* experimental = false
* publisher = "Kith"

CodeSystem: DatasetCodes
Id: dataset
Title: "Datasets and items"
Description: "The units of consent: named sets of fields, and the items of identity that may be agreed to one by one. Every field that Kith carries belongs to exactly one."
* ^caseSensitive = true
* ^experimental = false
* ^hierarchyMeaning = #part-of
* #identity "Identity" "Who the child is: all of its items."
  * #identity/name "Name"
  * #identity/birth-date "Birth date"
  * #identity/address "Address"
  * #identity/nhs-number "NHS number"
  * #identity/sex "Sex"
* #birth "Birth"
* #feeding "Feeding"
* #measurements "Measurements"
* #screening "Newborn screening"
* #maternal-wellbeing "Mother's wellbeing" "The mother's own answers. They are hers, and no permission about the child covers them."
* #household "Household"
* #needs "Needs and plan" "Vulnerability, level of service, and what was agreed to do."
* #safeguarding "Safeguarding" "Shared and withheld by duty, never by a parent's permission."
* #development "Development"
* #school "School"
* #health-at-school "Health at school"
* #registration "Professionals, visits and permissions"

ValueSet: DatasetSet
Id: dataset
Title: "Datasets and items"
Description: "Every name by which information may be agreed to, refused, released or withheld."
* ^experimental = false
* include codes from system DatasetCodes

CodeSystem: PurposeCodes
Id: purpose
Title: "Purposes of sharing"
Description: "What the recipient is to use the information for."
* ^caseSensitive = true
* ^experimental = false
* #direct-care "Direct care" "Care of this child by this recipient."
* #early-years-support "Services of children's centres" "Services for, and welcome of, the family in its area."
* #safeguarding "Safeguarding" "Protecting the child from harm."

CodeSystem: RoleCodes
Id: role
Title: "Roles of partners"
Description: "What an organisation is to the child. A consent that names a role instead of an organisation means whoever has that role around the child."
* ^caseSensitive = true
* ^experimental = false
* #health-visitor "Health visiting service"
* #gp "General practice"
* #maternity "Maternity service" "Tells of births."
* #child-health-information "Child health information service" "Tells of births and of what others recorded."
* #childrens-centre "Children's centre or family hub"
* #school-nurse "School nursing service"
* #school "School or nursery"
* #local-authority "Local authority"
* #vendor "System developer" "Never receives anything."
* #information-governance "Information governance" "Sees who was told what; never receives anything else."
* #operator "Operator of Kith" "Never receives anything."

CodeSystem: ProfessionalDecisionCodes
Id: professional-decision
Title: "Decisions of professionals"
Description: "What a named professional decided about sharing by themselves, beside what the family agreed to."
* ^caseSensitive = true
* ^experimental = false
* #not-to-share "Decision not to share" "Telling would harm the child more than not telling (Children Act 2004 s.16LA(3) where it is in force)."

CodeSystem: RecordProtectionCodes
Id: record-protection
Title: "Protection of a whole record"
Description: "Labels on the child's record for which there is no published code. A restricted record is labelled with HL7's confidentiality code R."
* ^caseSensitive = true
* ^experimental = false
* #sealed "Sealed" "The record is closed to sharing, as after an adoption. It stays so until the same sender says `open`."
* #open "Open" "The record is open to sharing again."

CodeSystem: EncounterTypeCodes
Id: encounter-type
Title: "Types of visit without a published code"
Description: "Visits for which Digital Child Health has no encounter type."
* ^caseSensitive = true
* ^experimental = false
* #first-visit "First visit by the health visitor"
* #centre-attendance "Came to a children's centre"

CodeSystem: EpisodeOfCareCodes
Id: episode-of-care
Title: "What a child is registered with"
Description: "Services with which a child is registered for a time, where no published code was found."
* ^caseSensitive = true
* ^experimental = false
* #general-practice "Registered with a general practice"
* #childrens-centre "Registered at a children's centre"

CodeSystem: EyfsProfileResultCodes
Id: eyfs-profile-result
Title: "Results of the early years foundation stage profile"
Description: "The results of the statutory return. No national FHIR system for them was found."
* ^caseSensitive = true
* ^experimental = false
* #1 "Emerging"
* #2 "Expected"
* #A "Not assessed"

CodeSystem: CentreReachCodes
Id: centre-reach
Title: "Counts of a children's centre"
Description: "What a children's centre counts in a month."
* ^caseSensitive = true
* ^experimental = false
* #births "Live births in the area"
* #listed "Of these, on the list that the centre received"
* #registered "Families registered at the end of the month"
* #newly-registered "Families newly registered"
* #attended "Families that came"
* #left "Families that left"

CodeSystem: FlagCategoryCodes
Id: flag-category
Title: "Category of a flag"
Description: "What kind of flag it is. HL7's own categories have none for safeguarding."
* ^caseSensitive = true
* ^experimental = false
* #safeguarding "Safeguarding"

CodeSystem: OrganisationTypeCodes
Id: organisation-type
Title: "Types of organisation"
Description: "Types by which an organisation in a message is told from the others."
* ^caseSensitive = true
* ^experimental = false
* #local-authority "Local authority"

CodeSystem: ProfessionalRoleCodes
Id: professional-role
Title: "Roles of professionals without a published code"
Description: "Roles for which no published code was found."
* ^caseSensitive = true
* ^experimental = false
* #lead-social-worker "Lead social worker"
* #speech-therapist "Speech and language therapist"
* #raised-by "Who raised the concern"

CodeSystem: ObservationCodes
Id: observation
Title: "Statements about a child"
Description: "What a statement about a child is, where no published code was found."
* ^caseSensitive = true
* ^experimental = false
* #concern "Concern about a child"
* #vulnerability-factor "Vulnerability factor"
* #was-not-brought "Child was not brought to an appointment"

CodeSystem: TaskCodes
Id: task
Title: "Tasks of Kith"
Description: "What Kith was asked to do."
* ^caseSensitive = true
* ^experimental = false
* #deliver "Deliver a message to a recipient"
* #read "Read a message and say so"
* #recall "Delete a message and say so"
* #settle "Settle what people disagree about"

CodeSystem: ReceiptCodes
Id: receipt
Title: "What a receipt says"
Description: "The outputs of a receipt."
* ^caseSensitive = true
* ^experimental = false
* #dataset "A dataset or item that was released"
* #ground "The ground on which it was released"
* #attempts "How often delivery was tried"
* #acknowledged "When the recipient acknowledged it"

ValueSet: ReceiptTaskSet
Id: receipt-task
Title: "Tasks that have receipts"
Description: "What a receipt can be of: a message, or a recall of messages."
* ^experimental = false
* TaskCodes#deliver
* TaskCodes#recall

ValueSet: ReceiptStatusSet
Id: receipt-status
Title: "States of a delivery"
Description: "The states that a delivery goes through."
* ^experimental = false
* http://hl7.org/fhir/task-status#requested "Requested"
* http://hl7.org/fhir/task-status#in-progress "In Progress"
* http://hl7.org/fhir/task-status#received "Received"
* http://hl7.org/fhir/task-status#completed "Completed"
* http://hl7.org/fhir/task-status#failed "Failed"
* http://hl7.org/fhir/task-status#rejected "Rejected"
* http://hl7.org/fhir/task-status#cancelled "Cancelled"

CodeSystem: DisclosureCodes
Id: disclosure
Title: "Releases and refusals"
Description: "What became of information about a child, mostly for one recipient. These are the journal's own words."
* ^caseSensitive = true
* ^experimental = false
* #accepted "Accepted" "A message was accepted, and what this recipient is to be told was decided."
* #releasing "Released" "Written before the message leaves."
* #delivered "Delivered" "The recipient took it."
* #failed "Not delivered" "The recipient refused it, or it was given up."
* #withheld "Withheld" "It was not released to this recipient."
* #withdrawn "Withdrawn" "A queued release was taken back because the decision changed."
* #retrying "To be tried again" "An attempt to deliver failed."
* #recalled "Recalled" "What was sent is asked back, because the consent for it ended."
* #acknowledged "Acknowledged" "The recipient said that it read what it was sent."
* #consent-changed "Consent changed" "A consent was given, changed or withdrawn, or a decision not to share recorded or ended."
* #flag-changed "Flag changed" "A safeguarding flag was set or ended."
* #matter-changed "Matter changed" "Something was opened for people to settle, or was settled."
* #read "Read" "A partner asked what others hold."
* #explained "Explained" "Somebody asked why something is or was shared or withheld."
* #viewed "Viewed" "Somebody looked at what the journal holds about the child."
* #looked-up "Looked up" "Somebody asked which school the child attends."
* #place-changed "Place changed" "A place at a school was put on file, or somebody decided about one."
* #imported "Imported" "A list of schools, children or places was taken in."
* #listed "Listed" "The child was put on the list of births for a children's centre."
* #kept "Kept" "What a message told of a birth is kept for the list that is made for a local authority. Nothing was shared."
* #replayed "Put back" "An operator made it due again."
* #parked "Held back" "An operator held back deliveries to a recipient."
* #unparked "Goes on" "An operator let deliveries to a recipient go on."
* #alerted "Alerted" "People were told that nobody had read it."
* #numbers-merged "Numbers merged" "Two NHS numbers were said to be one child's: what is on file about either counts for both."
* #numbers-unmerged "Numbers unmerged" "It was taken back that two NHS numbers are one child's."
* #visits-allowed "Visits allowed" "A recipient said that the family registered with it or was referred to it."

ValueSet: DisclosureTypeSet
Id: disclosure-type
Title: "Types of entries of the journal"
Description: "What an audit event of Kith is, in DICOM's words."
* ^experimental = false
* $dcm#110106 "Export"
* $dcm#110110 "Patient Record"
* $dcm#110112 "Query"

ValueSet: DisclosureSet
Id: disclosure
Title: "Releases and refusals"
Description: "What an audit event of Kith is about."
* ^experimental = false
* include codes from system DisclosureCodes

CodeSystem: DisclosureDetailCodes
Id: disclosure-detail
Title: "Details of an entry of the journal"
Description: "The words that stand in AuditEvent.entity.detail.type."
* ^caseSensitive = true
* ^experimental = false
* #kind "The record kind of the message, or what was asked"
* #delivery "The id of the delivery, which is that of its Task"
* #policy-set "Digest of the policies in force"
* #permitted "Datasets or items that the message holds and the recipient may have, and why; nothing left by this"
* #released "Datasets or items that were released, and why"
* #withheld "Datasets or items that were there and were withheld, why, and what would have changed it"

ValueSet: FirstVisitDataSet
Id: first-visit-data
Title: "What the first-visit form asks about"
Description: "The permission on the first-visit form covers at most the child's name, birth date and address. Nothing clinical rides along."
* ^experimental = false
* DatasetCodes#identity/name "Name"
* DatasetCodes#identity/birth-date "Birth date"
* DatasetCodes#identity/address "Address"

CodeSystem: PlanCategoryCodes
Id: plan-category
Title: "What a plan is about"
Description: "Kinds of plans that more than one dataset could hold."
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* #health-at-school "What a school must know of a child's health"
* #joint-plan "Joint plan of all around a child"
