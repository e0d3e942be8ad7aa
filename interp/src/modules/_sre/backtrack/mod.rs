//! A backtracking matcher for patterns that repeat groups.
//!
//! `rustpython-sre_engine` runs all other patterns. Its repeats of groups lose their count or the place of their last item
//! when it goes back, so that they match wrongly or never end; here, whatever a failing path has changed is put back from a
//! log, which is the stack of choices itself.
//!
//! - Holds: native recursion nowhere, whatever the pattern and the subject; each counter belongs to one repeat of the pattern.
//! - Reading order: `program.rs` (what runs), `decode.rs` (from the words of `re._compiler`), `first.rs` (which characters can
//!   come next), `class.rs` (sets of characters), `text.rs` (subjects), `matcher.rs` (forward), `stack.rs` (back).

mod class;
mod decode;
mod first;
mod matcher;
mod program;
mod stack;
mod text;

pub(super) use class::set;
pub(super) use decode::{Malformed, decode};
pub(super) use matcher::Matcher;
pub(super) use program::Program;
pub(super) use text::{Narrow, Wide};
