// Answers to Kith's questionnaires.

Profile: Answers
Parent: QuestionnaireResponse
Id: answers
Title: "Answers about a child"
Description: "Answers to one group of questions about a child. Each group is a resource of its own dataset. The questions stand in the Questionnaire that it names, which says what an answer may be; senders use the profiles made from this one."
* questionnaire 1..1 MS
* status = #completed (exactly)
* subject 1..1 MS
* subject only Reference(Child)
* encounter MS
* authored MS
* author MS
* item MS

// An answer may be missing where the sender had only the day or the author to say (safeguarding); the other groups exist only
// where something was answered.
RuleSet: AnswersTo(name)
* questionnaire = "https://kith.example/fhir/Questionnaire/{name}" (exactly)

Profile: BirthAnswers
Parent: Answers
Id: birth-answers
Title: "Birth: answers"
Description: "What is known of the birth: length of pregnancy, place, delivery, Apgar scores, problems. Health visiting services send it with the 14-day check, maternity services with the birth notification. Birth weight is an observation, so that systems that draw charts find it."
* insert AnswersTo(birth)
* item 1..

Profile: FeedingAnswers
Parent: Answers
Id: feeding-answers
Title: "Feeding: answers"
Description: "How the baby was fed first and is fed now. Health visiting services send it with the 14-day check; a children's centre that may know it can offer support."
* insert AnswersTo(feeding)
* item 1..

Profile: ScreeningAnswers
Parent: Answers
Id: screening-answers
Title: "Newborn screening: answers"
Description: "Whether hearing, blood spot and newborn physical examination were done and recorded, and what came of them. Health visiting services send it with the 14-day check. No result stands without saying whether the screen was done."
* insert AnswersTo(screening)
* item 1..
* obeys kith-screening-1 and kith-screening-2 and kith-screening-3

Invariant: kith-screening-1
Description: "Whoever says anything about the hearing screen says whether it was done."
Severity: #error
Expression: "item.where(linkId.startsWith('hearing')).exists() implies item.where(linkId = 'hearingDone').exists()"

Invariant: kith-screening-2
Description: "Whoever says anything about the blood spot screen says whether it was done."
Severity: #error
Expression: "item.where(linkId.startsWith('bloodSpot')).exists() implies item.where(linkId = 'bloodSpotDone').exists()"

Invariant: kith-screening-3
Description: "Whoever says anything about the physical examination says whether it was done."
Severity: #error
Expression: "item.where(linkId.startsWith('physicalExamination') or linkId = 'hips' or linkId = 'eyes' or linkId = 'heart' or linkId = 'testes').exists() implies item.where(linkId = 'physicalExaminationDone').exists()"

Profile: MaternalWellbeingAnswers
Parent: Answers
Id: maternal-wellbeing-answers
Title: "Mother's wellbeing: answers"
Description: "The mother's answers about her mood. They are about her and not about the child, and the most easily misused of all; they go to the health visitor and the practice alone. Health visiting services send them with the 14-day check."
* insert AnswersTo(maternal-wellbeing)
* item 1..

Profile: HouseholdAnswers
Parent: Answers
Id: household-answers
Title: "Household: answers"
Description: "Smoking, alcohol, substances and safe sleep in the home. Health visiting services send it with the 14-day check."
* insert AnswersTo(household)
* item 1..

Profile: SafeguardingAnswers
Parent: Answers
Id: safeguarding-answers
Title: "Safeguarding: answers"
Description: "The enquiry into domestic abuse (14-day check), and review, referral and who was with the child (safeguarding template). Health visiting services and practices send it. A parent's permission never covers it: the person who gives that permission may be the one who does the harm."
* insert AnswersTo(safeguarding)
* obeys kith-safeguarding-1 and kith-safeguarding-2

Invariant: kith-safeguarding-1
Description: "Whoever says anything about the enquiry into domestic abuse says whether the question was asked."
Severity: #error
Expression: "item.where(linkId.startsWith('domesticAbuse')).exists() implies item.where(linkId = 'domesticAbuseAsked').exists()"

Invariant: kith-safeguarding-2
Description: "A referral has its source."
Severity: #error
Expression: "item.where(linkId = 'referralDate').exists() implies item.where(linkId = 'referralSource').exists()"

Profile: NeedsAnswers
Parent: Answers
Id: needs-answers
Title: "Level of service: answers"
Description: "The level of service that the family receives. Health visiting services send it with the 14-day check."
* insert AnswersTo(needs)
* item 1..

Profile: EducationAnswers
Parent: Answers
Id: education-answers
Title: "Nursery or school: answers"
Description: "The nursery or school that the child attends, by its unique reference number and name, and the designated teacher. Practices send it with the safeguarding template, others with a review, a profile or a place; it belongs to the dataset school."
* insert AnswersTo(education)
* item 1..

Profile: Asq3Answers
Parent: Answers
Id: asq-3-answers
Title: "ASQ-3: answers"
Description: "The scores of ASQ-3, and the outcome that the professional read in the questionnaire's own tables. Health visiting services send it with the health review and the integrated review; it belongs to the dataset development."
* insert AnswersTo(asq-3)
* item 1..

Profile: AsqSe2Answers
Parent: Answers
Id: asq-se-2-answers
Title: "ASQ:SE-2: answers"
Description: "The total of ASQ:SE-2. Health visiting services send it with the health review and the integrated review; it belongs to the dataset development."
* insert AnswersTo(asq-se-2)
* item 1..

Profile: ImmunisationsAnswers
Parent: Answers
Id: immunisations-answers
Title: "Immunisations: answers"
Description: "Whether the child has had what the schedule gives. Health visiting services send it with the health review; the immunisations themselves are the practice's record. It belongs to the dataset needs."
* insert AnswersTo(immunisations)
* item 1..

Profile: EarlyYearsProgressAnswers
Parent: Answers
Id: early-years-progress-answers
Title: "Early years progress: answers"
Description: "What the early years practitioner saw in the three prime areas. Health visiting services send it with the integrated review; it belongs to the dataset development."
* insert AnswersTo(early-years-progress)

Profile: EyfsProfileAnswers
Parent: Answers
Id: eyfs-profile-answers
Title: "Early years foundation stage profile: answers"
Description: "The results of the seventeen early learning goals at the end of reception. Where one was not assessed, none was. Schools and local authorities send it; it belongs to the dataset development."
* insert AnswersTo(eyfs-profile)
* item 1..

Profile: ConcernReportAnswers
Parent: Answers
Id: concern-report-answers
Title: "Report of a concern: answers"
Description: "Whether the child is in danger now, what was done, and what the family knows. Whoever raises a concern sends it; it belongs to the dataset safeguarding."
* insert AnswersTo(concern-report)
* item 1..

Profile: OtherAnswers
Parent: QuestionnaireResponse
Id: other-answers
Title: "Answers to other questions"
Description: "Answers to a questionnaire that is not Kith's. They may ride in a message of a sender whose system knows more; Kith names them in the loss ledger. Answers to a questionnaire of Kith's meet its profile instead."
* obeys kith-answers-1

Invariant: kith-answers-1
Description: "Answers to a questionnaire of Kith's meet the profile of that questionnaire."
Severity: #error
Expression: "questionnaire.exists().not() or questionnaire.startsWith('https://kith.example/fhir/Questionnaire/').not()"
