"""The first step of every event Workflow: an event goes in, a run Workflow comes out; or the reason why none does."""
