"""Tables: each fact has its one home here, with the reason and the source beside it."""
