// Package runsheet leads through the day of an activity: its plan, step by step, and what was
// really begun, paused and made longer.
//
//	SetPlan -> steps; Press (a mark, never changed) -> CourseOf(steps, marks) -> Forecast
//
// The order of marks is that of their moments, whoever brings them and when, so that all who
// hold the same marks see the same day. The room decides about no seat and notes nobody as
// there; who came is counted by the door, and what people need by the room of questions.
//
// Its tables: run_plan and run_step, the plan; run_mark, what was pressed. It records no facts
// and sends no messages.
package runsheet
