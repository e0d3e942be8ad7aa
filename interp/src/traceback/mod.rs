//! Exceptions as text, the way CPython prints them.
//!
//! Works on plain data, so it knows nothing of Python objects: the caller fills an [`Excs`] with the
//! exceptions to show and [`render`] gives the text. Columns come in as UTF-8 byte offsets, as code
//! objects hold them; carets count characters as terminals show them.
//!
//! Reading order: this file (data, chaining, groups), `frame.rs` (one stack entry), `anchors.rs`
//! (which part of a line to mark).

mod anchors;
mod frame;

pub use self::frame::dedent;
pub use taipan_objects::text::suggest::{closest, edit_distance};

/// One stack entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The code's file name.
    pub filename: String,
    /// Current line, from 1; `None` prints as `None`.
    pub lineno: Option<u32>,
    /// Last line of the current expression; the first if not known.
    pub end_lineno: Option<u32>,
    /// First column in bytes, from 0.
    pub col: Option<u32>,
    /// Column after the last in bytes.
    pub end_col: Option<u32>,
    /// The code's name.
    pub name: String,
    /// Source lines `lineno..=end_lineno`, as far as they can be had.
    pub lines: Vec<String>,
}

/// What a `SyntaxError` knows of its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyntaxPlace {
    /// The `msg` attribute.
    pub msg: Option<String>,
    /// The `filename` attribute.
    pub filename: Option<String>,
    /// The `lineno` attribute.
    pub lineno: Option<i64>,
    /// The `end_lineno` attribute.
    pub end_lineno: Option<i64>,
    /// The `offset` attribute.
    pub offset: Option<i64>,
    /// The `end_offset` attribute.
    pub end_offset: Option<i64>,
    /// The `text` attribute.
    pub text: Option<String>,
}

/// One exception; links are indices into [`Excs`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exc {
    /// Name of the class, with its module unless that is `builtins` or `__main__`.
    pub type_name: String,
    /// `str()` of the exception, with any spelling suggestion appended.
    pub message: String,
    /// `__notes__`, each as text.
    pub notes: Vec<String>,
    /// The traceback, outermost entry first.
    pub frames: Vec<Frame>,
    /// `__cause__`.
    pub cause: Option<usize>,
    /// `__context__`.
    pub context: Option<usize>,
    /// `__suppress_context__`.
    pub suppress_context: bool,
    /// The members of an exception group.
    pub members: Option<Vec<usize>>,
    /// Present for `SyntaxError` and its subclasses.
    pub syntax: Option<SyntaxPlace>,
}

/// Exceptions that refer to each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excs {
    /// The exceptions.
    pub all: Vec<Exc>,
}

const MAX_GROUP_WIDTH: usize = 15;
const MAX_GROUP_DEPTH: usize = 10;
const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// The text for exception `root` and those it is chained to; with `chain` false, for it alone.
///
/// A link to an exception that is being printed already is left out, so cycles end.
#[must_use]
pub fn render(excs: &Excs, root: usize, chain: bool) -> String {
    let mut printer = Printer { excs, out: String::new(), depth: 0, need_close: false };
    printer.chain(root, chain);
    printer.out
}

/// The entries of a traceback alone, with repeated ones summed up.
#[must_use]
pub fn render_frames(frames: &[Frame]) -> String {
    let mut out = String::new();
    let mut n_same = 0_usize;
    for (index, entry) in frames.iter().enumerate() {
        let last = index.checked_sub(1).and_then(|before| frames.get(before));
        let is_same = last.is_some_and(|last| {
            (&last.filename, last.lineno, &last.name)
                == (&entry.filename, entry.lineno, &entry.name)
        });
        if !is_same {
            push_repeats(&mut out, n_same);
            n_same = 0;
        }
        n_same += 1;
        if n_same <= RECURSIVE_CUTOFF {
            frame::push(&mut out, entry);
        }
    }
    push_repeats(&mut out, n_same);
    out
}

const RECURSIVE_CUTOFF: usize = 3;

fn push_repeats(out: &mut String, n_same: usize) {
    if let Some(more) = n_same.checked_sub(RECURSIVE_CUTOFF).filter(|&more| more > 0) {
        let plural = if more > 1 { "s" } else { "" };
        out.push_str(&format!("  [Previous line repeated {more} more time{plural}]\n"));
    }
}

/// The lines that say which exception it was: type and message, or the place of a syntax error,
/// and the notes.
#[must_use]
pub fn render_exception_only(exc: &Exc) -> String {
    let mut out = String::new();
    match &exc.syntax {
        Some(place) => push_syntax_error(&mut out, &exc.type_name, place),
        None if exc.message.is_empty() => out.push_str(&format!("{}\n", exc.type_name)),
        None => out.push_str(&format!("{}: {}\n", exc.type_name, exc.message)),
    }
    for line in exc.notes.iter().flat_map(|note| note.split('\n')) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

struct Printer<'a> {
    excs: &'a Excs,
    out: String,
    depth: usize,
    need_close: bool,
}

impl<'a> Printer<'a> {
    fn chain(&mut self, root: usize, chain: bool) {
        let mut links: Vec<(Option<&str>, usize, &'a Exc)> = Vec::new();
        let mut next = Some(root);
        while let Some(index) = next.take() {
            let Some(exc) = self.excs.all.get(index) else { break };
            let link = match (exc.cause, exc.context) {
                _ if !chain => None,
                (Some(cause), _) => Some((CAUSE, cause)),
                (None, Some(context)) if !exc.suppress_context => Some((CONTEXT, context)),
                _ => None,
            };
            let link =
                link.filter(|(_, to)| *to != index && links.iter().all(|seen| seen.1 != *to));
            links.push((link.map(|(message, _)| message), index, exc));
            next = link.map(|(_, to)| to);
        }
        for (message, _, exc) in links.into_iter().rev() {
            if let Some(message) = message {
                self.emit(message, '|');
            }
            match &exc.members {
                None => self.plain(exc),
                Some(_) if self.depth > MAX_GROUP_DEPTH => {
                    self.emit(&format!("... (max_group_depth is {MAX_GROUP_DEPTH})\n"), '|');
                }
                Some(members) => self.group(exc, members, chain),
            }
        }
    }

    fn plain(&mut self, exc: &Exc) {
        if !exc.frames.is_empty() {
            self.emit("Traceback (most recent call last):\n", '|');
            self.emit(&render_frames(&exc.frames), '|');
        }
        self.emit(&render_exception_only(exc), '|');
    }

    fn group(&mut self, exc: &Exc, members: &[usize], chain: bool) {
        let is_top = self.depth == 0;
        if is_top {
            self.depth = 1;
        }
        if !exc.frames.is_empty() {
            let margin = if is_top { '+' } else { '|' };
            self.emit("Exception Group Traceback (most recent call last):\n", margin);
            self.emit(&render_frames(&exc.frames), '|');
        }
        self.emit(&render_exception_only(exc), '|');
        self.need_close = false;
        let n_shown = members.len().min(MAX_GROUP_WIDTH + 1);
        for (index, &member) in members.iter().take(n_shown).enumerate() {
            self.member(index, member, members.len(), chain);
        }
        if is_top {
            self.depth = 0;
        }
    }

    fn member(&mut self, index: usize, member: usize, n_members: usize, chain: bool) {
        let is_last = index + 1 == n_members.min(MAX_GROUP_WIDTH + 1);
        if is_last {
            // A nested group may draw the closing line first.
            self.need_close = true;
        }
        let is_cut = index >= MAX_GROUP_WIDTH;
        let title = if is_cut { "...".to_owned() } else { (index + 1).to_string() };
        let lead = if index == 0 { "+-" } else { "  " };
        let line = format!("{}{lead}+---------------- {title} ----------------\n", self.indent());
        self.out.push_str(&line);
        self.depth += 1;
        if is_cut {
            let more = n_members - MAX_GROUP_WIDTH;
            let plural = if more > 1 { "s" } else { "" };
            self.emit(&format!("and {more} more exception{plural}\n"), '|');
        } else {
            self.chain(member, chain);
        }
        if is_last && self.need_close {
            let line = format!("{}+------------------------------------\n", self.indent());
            self.out.push_str(&line);
            self.need_close = false;
        }
        self.depth -= 1;
    }

    fn indent(&self) -> String {
        " ".repeat(2 * self.depth)
    }

    fn emit(&mut self, text: &str, margin: char) {
        if self.depth == 0 {
            self.out.push_str(text);
            return;
        }
        let lead = format!("{}{margin} ", self.indent());
        for line in text.split_inclusive('\n') {
            self.out.push_str(&lead);
            self.out.push_str(line);
        }
    }
}

fn push_syntax_error(out: &mut String, type_name: &str, place: &SyntaxPlace) {
    let mut suffix = String::new();
    match (place.lineno, &place.filename) {
        (Some(lineno), filename) => {
            let filename =
                filename.as_deref().filter(|name| !name.is_empty()).unwrap_or("<string>");
            out.push_str(&format!("  File \"{filename}\", line {lineno}\n"));
        }
        (None, Some(filename)) => suffix = format!(" ({filename})"),
        (None, None) => {}
    }
    if let Some(text) = &place.text {
        push_syntax_line(out, text, place);
    }
    let msg = place.msg.as_deref().filter(|msg| !msg.is_empty()).unwrap_or("<no detail available>");
    out.push_str(&format!("{type_name}: {msg}{suffix}\n"));
}

fn push_syntax_line(out: &mut String, text: &str, place: &SyntaxPlace) {
    let without_end = text.trim_end_matches('\n');
    let shown = without_end.trim_start_matches([' ', '\n', '\x0c']);
    out.push_str(&format!("    {shown}\n"));
    let Some(mut offset) = place.offset else { return };
    let len = |part: &str| i64::try_from(part.chars().count()).unwrap_or(i64::MAX - 2);
    let (n_text, n_line) = (len(text), len(without_end));
    let n_spaces = n_line - len(shown);
    let mut end = match place.end_offset {
        _ if place.lineno != place.end_lineno => n_line + 1,
        Some(end) if end != 0 => end,
        _ => offset,
    };
    if n_text > 0 && offset > n_text {
        offset = n_line + 1;
    }
    if n_text > 0 && end > n_text {
        end = n_line + 1;
    }
    if offset >= end || end < 0 {
        end = offset.saturating_add(1);
    }
    let (Some(col), Some(end_col)) = (
        offset.checked_sub(1 + n_spaces).and_then(|col| usize::try_from(col).ok()),
        end.checked_sub(1 + n_spaces).and_then(|col| usize::try_from(col).ok()),
    ) else {
        return;
    };
    out.push_str("    ");
    out.extend(shown.chars().take(col).map(|c| if c.is_whitespace() { c } else { ' ' }));
    // Columns past the line's end are possible in errors made by programs; keep them sane.
    let n_carets = end_col.saturating_sub(col).min(shown.chars().count() + 1);
    out.push_str(&"^".repeat(n_carets));
    out.push('\n');
}

#[cfg(test)]
mod tests;
