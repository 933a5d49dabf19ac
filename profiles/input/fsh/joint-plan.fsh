// What everybody around a child has agreed.

Profile: JointPlan
Parent: Plan
Id: joint-plan
Title: "Joint plan"
Description: "What was agreed: each action with who does it, by when, and the goal that it serves, named by the goal's key. The service that keeps the plan sends it; it belongs to the dataset needs."
* category 1..1
* category = $plan-category#joint-plan
* title 1..1 MS
* created 1..1 MS
* careTeam MS
* goal MS
* activity.detail.status 1..1

Profile: JointGoal
Parent: Goal
Id: joint-goal
Title: "Goal of a joint plan"
Description: "What is to be reached, in words, with the key by which the plan's actions name it. The service that keeps the plan sends it; it belongs to the dataset needs."
* identifier 1..1 MS
* identifier.value 1..1
* lifecycleStatus from GoalStatusSet (required)
* description.text 1..1
* subject only Reference(Child)
* target 0..1 MS

Profile: JointTeam
Parent: CareTeam
Id: joint-team
Title: "Team around the child"
Description: "Who takes part in a joint plan, each by name, with role and service in their own words. The service that keeps the plan sends it; it belongs to the dataset needs."
* status = #active (exactly)
* subject 1..1
* subject only Reference(Child)
* participant 1.. MS
* participant.member 1..1
* participant.member.display 1..1

Profile: JointPlanHeader
Parent: KithMessageHeader
Id: joint-plan-header
Title: "Header of a joint plan"
Description: "The header of a joint plan, about the plan, with the service that keeps it."
* insert EventOf(joint-plan)
* focus 1..1
* sender 1..1
* sender.identifier 1..1

Profile: JointPlanMessage
Parent: Message
Id: joint-plan-message
Title: "Joint plan"
Description: "A joint plan as a message: the child, the team, the goals, the plan with its actions, and the parents' permission. The service that keeps the plan sends it."
* entry[header].resource only JointPlanHeader
* entry[child] 1..1
* entry[child].resource only RegisteredChild
* entry contains
    person 0..1 MS and
    team 0..1 MS and
    goal 0..* MS and
    plan 1..1 MS and
    consent 0..1 MS
* entry[person].resource only ConsentGiver
* entry[team].resource only JointTeam
* entry[goal].resource only JointGoal
* entry[plan].resource only JointPlan
* entry[consent].resource only JointPlanConsent
* obeys kith-message-2
