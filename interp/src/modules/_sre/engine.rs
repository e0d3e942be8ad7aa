//! Running compiled patterns over subjects: picks the engine that runs the pattern and the drive for the subject's encoding,
//! and finds candidates for a match by the pattern's literal prefix or first-byte set before the crate's engine is asked.

use std::borrow::Cow;

use memchr::memmem;
use rustpython_sre_engine::{Request, SreInfo, SreOpcode, State, StrDrive};
use rustpython_wtf8::Wtf8;
use taipan_objects::{
    Completion, Cx, Obj, Value, raise,
    types::{buffer, bytes, str as string, text_args},
};

use super::backtrack::{self, Malformed, Matcher, Narrow, Program, Wide};

/// Where a match may begin, read from the pattern's info block.
#[derive(Debug)]
enum Start {
    /// Anywhere.
    Any,
    /// Where these bytes are (ASCII subjects and bytes).
    Prefix(Box<memmem::Finder<'static>>),
    /// At a byte of this set (ASCII subjects and bytes).
    Set(Box<[bool; 256]>),
}

/// A compiled pattern's code.
#[derive(Debug)]
pub(super) struct Code {
    codes: Box<[u32]>,
    start: Start,
    min: usize,
    /// For patterns that repeat groups, which the crate's engine gets wrong.
    program: Option<Program>,
}

impl Code {
    /// # Errors
    /// `codes` are not a pattern's.
    pub(super) fn new(codes: Vec<u32>) -> Result<Self, Malformed> {
        let min = match codes.as_slice() {
            [op, _, _, min, ..] if *op == SreOpcode::INFO as u32 => *min as usize,
            _ => 0,
        };
        Ok(Self {
            start: find_start(&codes).unwrap_or(Start::Any),
            program: if may_repeat_groups(&codes) {
                Some(backtrack::decode(&codes)?).filter(Program::repeats_groups)
            } else {
                None
            },
            codes: codes.into_boxed_slice(),
            min,
        })
    }

    pub(super) fn words(&self) -> &[u32] {
        &self.codes
    }
}

/// Whether some word looks like the instruction for it; it may be an operand.
fn may_repeat_groups(codes: &[u32]) -> bool {
    let ops = [SreOpcode::REPEAT as u32, SreOpcode::POSSESSIVE_REPEAT as u32];
    codes.iter().any(|word| ops.contains(word))
}

fn find_start(codes: &[u32]) -> Option<Start> {
    let [op, skip, flags, _min, _max, rest @ ..] = codes else { return None };
    if *op != SreOpcode::INFO as u32 {
        return None;
    }
    let flags = SreInfo::from_bits_truncate(*flags);
    if flags.contains(SreInfo::PREFIX) {
        let prefix = rest.get(2..2 + *rest.first()? as usize)?;
        let bytes: Option<Vec<u8>> = prefix.iter().map(|&c| u8::try_from(c).ok()).collect();
        return bytes.map(|b| Start::Prefix(Box::new(memmem::Finder::new(&b).into_owned())));
    }
    if flags.contains(SreInfo::CHARSET) {
        return backtrack::set(codes.get(5..1 + *skip as usize)?).map(Start::Set);
    }
    None
}

/// How a pattern is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Match,
    FullMatch,
    Search,
}

/// What a pattern runs over.
pub(super) enum Subject {
    /// ASCII text.
    Ascii(Obj),
    /// Other text without lone surrogates.
    Text(Obj, &'static str),
    /// Text with lone surrogates.
    Wtf8(Obj, &'static Wtf8),
    /// Bytes, with one more byte behind them if they are a copy (the engine peeks at it).
    Bytes(Cow<'static, [u8]>),
}

impl Subject {
    /// The subject that `v` is, for a pattern of text or bytes (`None`: either).
    pub(super) fn new(cx: &mut Cx, v: Value, pattern_is_bytes: Option<bool>) -> Completion<Self> {
        if let Some(o) = string::exact(v) {
            if pattern_is_bytes == Some(true) {
                return raise!(cx, TypeError, "cannot use a bytes pattern on a string-like object");
            }
            if string::is_ascii(o) {
                return Ok(Self::Ascii(o));
            }
            let s = string::bytes_of(o);
            return match std::str::from_utf8(s) {
                Ok(text) => Ok(Self::Text(o, text)),
                Err(_) => Ok(Wtf8::from_bytes(s).map_or(Self::Ascii(o), |w| Self::Wtf8(o, w))),
            };
        }
        let data = match bytes::exact(v) {
            Some(b) => Cow::Borrowed(b.raw_bytes()),
            None => match buffer::bytes_like(cx, v)? {
                Some(data) => {
                    let mut copy = data.into_owned();
                    copy.push(0);
                    Cow::Owned(copy)
                }
                None => {
                    let name = cx.type_name(v);
                    return raise!(
                        cx,
                        TypeError,
                        "expected string or bytes-like object, got '{name}'"
                    );
                }
            },
        };
        if pattern_is_bytes == Some(false) {
            return raise!(cx, TypeError, "cannot use a string pattern on a bytes-like object");
        }
        Ok(Self::Bytes(data))
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Ascii(o) => Some(string::bytes_of(*o)),
            Self::Bytes(Cow::Borrowed(b)) => Some(b),
            Self::Bytes(Cow::Owned(v)) => Some(&v[..v.len() - 1]),
            _ => None,
        }
    }

    /// Length in characters or bytes.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Text(o, _) | Self::Wtf8(o, _) => string::n_chars(*o),
            _ => self.bytes().map_or(0, <[u8]>::len),
        }
    }

    /// The bytes (WTF-8 for text) of a part.
    pub(super) fn part(&self, from: usize, to: usize) -> &[u8] {
        match self {
            Self::Text(o, _) | Self::Wtf8(o, _) => {
                let (i, j) = (string::byte_offset(*o, from), string::byte_offset(*o, to));
                &string::bytes_of(*o)[i..j.max(i)]
            }
            _ => self.bytes().and_then(|b| b.get(from..to.max(from))).unwrap_or_default(),
        }
    }

    /// A part as a Python object: `str` or `bytes`.
    pub(super) fn value(&self, cx: &mut Cx, from: usize, to: usize) -> Completion<Value> {
        if from == 0 && to == self.len() {
            match self {
                Self::Ascii(o) | Self::Text(o, _) | Self::Wtf8(o, _) => return Ok((*o).into()),
                Self::Bytes(_) => {}
            }
        }
        let part = self.part(from, to);
        match self {
            Self::Ascii(_) if let [b] = part => string::latin_char(cx, *b),
            Self::Ascii(_) => string::new_ascii(cx, part),
            Self::Bytes(_) => bytes::new(cx, part),
            _ => string::new_str_bytes(cx, part, to.saturating_sub(from)),
        }
    }

    /// An empty value of the subject's kind.
    pub(super) fn empty(&self, cx: &mut Cx) -> Completion<Value> {
        match self {
            Self::Bytes(_) => bytes::new(cx, b""),
            _ => cx.new_str(""),
        }
    }

    /// Finished output (pieces put together) as a Python object.
    pub(super) fn output(&self, cx: &mut Cx, out: &[u8]) -> Completion<Value> {
        match self {
            Self::Bytes(_) => bytes::new(cx, out),
            _ => text_args::new_text(cx, out),
        }
    }

    pub(super) fn is_bytes(&self) -> bool {
        matches!(self, Self::Bytes(_))
    }
}

/// A match: span of the whole, spans of the groups (`None`: took no part), last closed group.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) groups: Vec<Option<(usize, usize)>>,
    pub(super) last_index: Option<usize>,
}

/// What runs a pattern.
enum Engine<'a> {
    Crate(State),
    Own(Matcher<'a>),
}

/// Finds matches one after the other in one subject.
pub(super) struct Finder<'a> {
    pub(super) code: &'a Code,
    pub(super) subject: &'a Subject,
    n_groups: usize,
    engine: Engine<'a>,
    /// Where the next match may begin.
    pub(super) at: usize,
    end: usize,
    /// Whether the next match must not be empty at `at`.
    pub(super) must_advance: bool,
}

impl<'a> Finder<'a> {
    pub(super) fn new(
        code: &'a Code,
        subject: &'a Subject,
        n_groups: usize,
        at: usize,
        end: usize,
    ) -> Self {
        let engine = match &code.program {
            Some(program) => Engine::Own(Matcher::new(program)),
            None => Engine::Crate(State::default()),
        };
        Self { code, subject, n_groups, engine, at, end, must_advance: false }
    }

    /// The next match in `mode`; moves on behind it.
    ///
    /// # Errors
    /// `MemoryError`; exceptions of signal handlers; the attempt's abort.
    pub(super) fn next(&mut self, cx: &mut Cx, mode: Mode) -> Completion<Option<Found>> {
        if self.at > self.end {
            return Ok(None);
        }
        let found = match &mut self.engine {
            Engine::Own(matcher) => {
                let (at, end) = (self.at, self.end);
                let ask = Ask { at, end, mode, must_advance: self.must_advance };
                find_own(cx, matcher, self.subject, self.n_groups, ask)?
            }
            Engine::Crate(state) => {
                let mut state = std::mem::take(state);
                let found = self.run(&mut state, mode).then(|| self.found(&state));
                self.engine = Engine::Crate(state);
                found
            }
        };
        if let Some(found) = &found {
            self.must_advance = found.start == found.end;
            self.at = found.end;
        }
        Ok(found)
    }

    /// What the crate's engine has found.
    fn found(&self, state: &State) -> Found {
        let group = |i: usize| {
            let (from, to) = state.marks.get(i);
            (from.is_some() && to.is_some()).then(|| (from.unwrap(), to.unwrap()))
        };
        let last = usize::try_from(state.marks.last_index()).ok();
        Found {
            start: state.start,
            end: state.cursor.position,
            groups: (0..self.n_groups).map(group).collect(),
            last_index: last.filter(|&i| i > 0),
        }
    }

    fn run(&self, state: &mut State, mode: Mode) -> bool {
        match self.subject {
            Subject::Text(_, text) => self.run_plain(state, *text, mode),
            Subject::Wtf8(_, text) => self.run_plain(state, *text, mode),
            _ => self.run_bytes(state, mode),
        }
    }

    fn request<S: StrDrive>(&self, string: S, start: usize, mode: Mode) -> Request<'a, S> {
        Request {
            string,
            start,
            end: self.end,
            pattern_codes: &self.code.codes,
            match_all: mode == Mode::FullMatch,
            must_advance: self.must_advance,
        }
    }

    fn run_plain<S: StrDrive>(&self, state: &mut State, string: S, mode: Mode) -> bool {
        let request = self.request(string, self.at, mode);
        state.reset(&request, self.at);
        if mode == Mode::Search { state.search(request) } else { state.py_match(&request) }
    }

    fn run_bytes(&self, state: &mut State, mode: Mode) -> bool {
        let subject = self.subject;
        let Some(s) = subject.bytes() else { return false };
        if self.end - self.at < self.code.min {
            return false;
        }
        let code = self.code;
        // What may begin anywhere may match nothing, at the very end, too.
        if mode != Mode::Search || matches!(code.start, Start::Any) {
            return self.run_plain(state, s, mode);
        }
        let mut at = self.at;
        // A pattern with a prefix or a first-byte set never matches nothing, so `must_advance` is satisfied.
        while at < self.end {
            let rest = &s[at..self.end];
            let next = match &code.start {
                Start::Any => Some(0),
                Start::Prefix(finder) => finder.find(rest),
                Start::Set(set) => rest.iter().position(|&b| set[usize::from(b)]),
            };
            let Some(next) = next else { return false };
            at += next;
            let request = self.request(s, at, mode);
            state.reset(&request, at);
            if state.py_match(&request) {
                return true;
            }
            at += 1;
        }
        false
    }
}

/// What the own matcher is asked for, in characters.
struct Ask {
    at: usize,
    end: usize,
    mode: Mode,
    must_advance: bool,
}

fn find_own(
    cx: &mut Cx,
    matcher: &mut Matcher<'_>,
    subject: &Subject,
    n_groups: usize,
    ask: Ask,
) -> Completion<Option<Found>> {
    let Ask { at, end, mode, must_advance } = ask;
    let (found, wide) = match subject {
        Subject::Text(o, _) | Subject::Wtf8(o, _) => {
            let (at, end) = (string::byte_offset(*o, at), string::byte_offset(*o, end));
            let text = Wide(&string::bytes_of(*o)[..end]);
            (matcher.find(cx, text, at, mode, must_advance)?, Some(*o))
        }
        _ => {
            let text = Narrow(subject.bytes().and_then(|b| b.get(..end)).unwrap_or_default());
            (matcher.find(cx, text, at, mode, must_advance)?, None)
        }
    };
    let Some((start, end)) = found else { return Ok(None) };
    let place = |at: usize| wide.map_or(at, |o| string::char_index(o, at));
    let group = |i: usize| matcher.group(i).map(|(from, to)| (place(from), place(to)));
    Ok(Some(Found {
        start: place(start),
        end: place(end),
        groups: (0..n_groups).map(group).collect(),
        last_index: Some(matcher.last_index() as usize).filter(|&i| i > 0),
    }))
}
