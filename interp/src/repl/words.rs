//! Completion at the prompt: names, and attributes of what names are bound to.
//!
//! The words are collected before each prompt, since Python code must not run while a line is edited: one level of
//! attributes of everything, two levels of modules.

use std::collections::HashMap;

use rustyline::{
    Context, Helper, Result, completion::Completer, highlight::Highlighter, hint::Hinter,
    validate::Validator,
};
use taipan_objects::{
    Completion, Cx, Kind, Obj, Value, protocol,
    types::{dict, str as string},
};

use crate::{modules::namespace, vm::state::vm_ref};

const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// What can be completed to.
#[derive(Debug, Default)]
pub(super) struct Words {
    names: Vec<String>,
    members: HashMap<String, Vec<String>>,
}

impl Words {
    /// The words of a namespace.
    pub(super) fn of(cx: &mut Cx, globals: Obj) -> Completion<Self> {
        let mut words = Self::default();
        words.names.extend(KEYWORDS.iter().map(|word| (*word).to_owned()));
        let builtins = vm_ref(cx).shared.builtins();
        for pair in dict::items(cx, builtins)?.as_slice().chunks_exact(2) {
            words.names.extend(string::text(pair[0]).map(str::to_owned));
        }
        for pair in dict::items(cx, globals)?.as_slice().chunks_exact(2) {
            let Some(name) = string::text(pair[0]) else { continue };
            words.names.push(name.to_owned());
            words.add(cx, name, pair[1], true)?;
        }
        words.names.sort_unstable();
        words.names.dedup();
        Ok(words)
    }

    fn add(&mut self, cx: &mut Cx, name: &str, v: Value, deep: bool) -> Completion<()> {
        if self.members.contains_key(name) {
            return Ok(());
        }
        let builtins = vm_ref(cx).shared.builtins();
        let dir = cx.intern("dir")?;
        let dir = dict::get_item_name(cx, builtins, dir)?;
        // What has no list of attributes has no completions.
        let found = match protocol::call(cx, dir, &[v]) {
            Ok(list) => protocol::collect(cx, list)?,
            Err(escape) if escape.is_abort() => return Err(escape),
            Err(_) => return Ok(()),
        };
        let all = found.as_slice().iter().filter_map(|v| string::text(*v)).map(str::to_owned);
        self.members.insert(name.to_owned(), all.collect());
        let inner = v.obj().filter(|o| deep && o.kind() == Kind::Module).and_then(namespace);
        let Some(inner) = inner else { return Ok(()) };
        for pair in dict::items(cx, inner)?.as_slice().chunks_exact(2) {
            let is_owner =
                pair[1].obj().is_some_and(|o| matches!(o.kind(), Kind::Module | Kind::Type));
            if let Some(attribute) = string::text(pair[0]).filter(|_| is_owner) {
                self.add(cx, &format!("{name}.{attribute}"), pair[1], false)?;
            }
        }
        Ok(())
    }

    fn candidates(&self, line: &str, pos: usize) -> (usize, Vec<String>) {
        let before = line.get(..pos).unwrap_or_default();
        if before.trim().is_empty() {
            return (pos, vec!["    ".to_owned()]);
        }
        let is_part = |c: char| c == '_' || c == '.' || c.is_alphanumeric();
        let word_at = before
            .rfind(|c| !is_part(c))
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let word = &before[word_at..];
        let (prefix, known) = match word.rsplit_once('.') {
            Some((owner, prefix)) => (prefix, self.members.get(owner)),
            None => (word, Some(&self.names)),
        };
        let shows_private = prefix.starts_with('_');
        let fits =
            |name: &&String| name.starts_with(prefix) && (shows_private || !name.starts_with('_'));
        let found = known.into_iter().flatten().filter(fits).cloned().collect();
        (pos - prefix.len(), found)
    }
}

impl Completer for Words {
    type Candidate = String;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> Result<(usize, Vec<String>)> {
        Ok(self.candidates(line, pos))
    }
}

impl Hinter for Words {
    type Hint = String;
}

impl Highlighter for Words {}
impl Validator for Words {}
impl Helper for Words {}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn words_complete_to_names_and_attributes() {
        let own = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let members = [("os.path".to_owned(), own(&["_secret", "join", "joinable"]))];
        let words = Words { names: own(&["import", "imports"]), members: members.into() };
        assert_eq!(words.candidates("imp", 3), (0, own(&["import", "imports"])));
        assert_eq!(words.candidates("x = os.path.joi", 15), (12, own(&["join", "joinable"])));
        assert_eq!(words.candidates("f(os.path._", 11), (10, own(&["_secret"])));
        assert_eq!(words.candidates("  ", 2), (2, own(&["    "])));
        assert!(words.candidates("é.x", 4).1.is_empty());
    }
}
