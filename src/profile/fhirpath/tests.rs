//! Expressions over documents, and that no expression can break the evaluator.
