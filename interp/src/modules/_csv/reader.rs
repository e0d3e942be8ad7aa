//! Readers: an iterator of lines becomes an iterator of rows.
//!
//! Conflicts: one header each, written once per row.

use rustpython_wtf8::{CodePoint, Wtf8Buf};
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, GetSetDef, Kind, T, TypeDef, Value,
    protocol::{self, RootVec},
    types::{list, str as string},
};

use super::{
    dialect::{self, Dialect, quote},
    fail, field_limit, row,
};

const LINES: usize = 2;
const DIALECT: usize = 3;
const LINE_NUM: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    StartRecord,
    StartField,
    Escaped,
    InField,
    InQuoted,
    EscapedInQuoted,
    QuoteInQuoted,
    EatNewline,
    AfterEscapedNewline,
}

/// The end of a line, which is no character.
const END: Option<u32> = None;
const LF: u32 = 10;
const CR: u32 = 13;

/// One row in the making.
struct Parser<'a> {
    dialect: &'a Dialect,
    limit: usize,
    state: State,
    field: Wtf8Buf,
    len: usize,
    /// The field began without a quote.
    unquoted: bool,
    fields: RootVec,
}

impl Parser<'_> {
    fn save(&mut self, cx: &mut Cx) -> Completion<()> {
        let field = std::mem::take(&mut self.field);
        let n = std::mem::take(&mut self.len);
        let unquoted = std::mem::replace(&mut self.unquoted, true);
        let quoting = self.dialect.quoting;
        if unquoted && n == 0 && matches!(quoting, quote::NOTNULL | quote::STRINGS) {
            return self.fields.push(cx, Value::NONE);
        }
        let mut v = string::new_str_bytes(cx, field.as_bytes(), n)?;
        if unquoted && n > 0 && matches!(quoting, quote::NONNUMERIC | quote::STRINGS) {
            v = protocol::call(cx, cx.class(T::float).into(), &[v])?;
        }
        self.fields.push(cx, v)
    }

    fn add(&mut self, cx: &mut Cx, c: u32) -> Completion<()> {
        if self.len >= self.limit {
            let limit = self.limit;
            return fail(cx, &format!("field larger than field limit ({limit})"));
        }
        if let Some(point) = CodePoint::from_u32(c) {
            self.field.push(point);
            self.len += 1;
        }
        Ok(())
    }

    /// The field ends with a line.
    fn end_field(&mut self, cx: &mut Cx, c: Option<u32>) -> Completion<()> {
        self.save(cx)?;
        self.state = if c == END { State::StartRecord } else { State::EatNewline };
        Ok(())
    }

    fn is_quote(&self, c: u32) -> bool {
        self.dialect.quoting != quote::NONE && self.dialect.quotechar == Some(c)
    }

    fn step(&mut self, cx: &mut Cx, c: Option<u32>) -> Completion<()> {
        let ends = matches!(c, END | Some(LF | CR));
        match self.state {
            State::StartRecord if c == END => Ok(()),
            State::StartRecord if ends => {
                self.state = State::EatNewline;
                Ok(())
            }
            State::StartRecord | State::StartField => self.start_field(cx, c),
            State::Escaped => match c {
                Some(c @ (LF | CR)) => {
                    self.add(cx, c)?;
                    self.state = State::AfterEscapedNewline;
                    Ok(())
                }
                c => {
                    self.add(cx, c.unwrap_or(LF))?;
                    self.state = State::InField;
                    Ok(())
                }
            },
            State::AfterEscapedNewline if c == END => Ok(()),
            State::AfterEscapedNewline | State::InField => self.in_field(cx, c),
            State::InQuoted => match c {
                END => Ok(()),
                Some(c) if self.dialect.escapechar == Some(c) => {
                    self.state = State::EscapedInQuoted;
                    Ok(())
                }
                Some(c) if self.is_quote(c) => {
                    self.state = if self.dialect.doublequote {
                        State::QuoteInQuoted
                    } else {
                        State::InField
                    };
                    Ok(())
                }
                Some(c) => self.add(cx, c),
            },
            State::EscapedInQuoted => {
                self.add(cx, c.unwrap_or(LF))?;
                self.state = State::InQuoted;
                Ok(())
            }
            State::QuoteInQuoted => self.after_quote(cx, c),
            State::EatNewline => match c {
                Some(LF | CR) => Ok(()),
                END => {
                    self.state = State::StartRecord;
                    Ok(())
                }
                Some(_) => fail(
                    cx,
                    "new-line character seen in unquoted field - do you need to open the file with newline=''?",
                ),
            },
        }
    }

    fn start_field(&mut self, cx: &mut Cx, c: Option<u32>) -> Completion<()> {
        self.unquoted = true;
        let Some(c) = c.filter(|c| !matches!(*c, LF | CR)) else { return self.end_field(cx, c) };
        if self.is_quote(c) {
            self.unquoted = false;
            self.state = State::InQuoted;
        } else if self.dialect.escapechar == Some(c) {
            self.state = State::Escaped;
        } else if c == u32::from(' ') && self.dialect.skipinitialspace {
            self.state = State::StartField;
        } else if c == self.dialect.delimiter {
            self.save(cx)?;
            self.state = State::StartField;
        } else {
            self.add(cx, c)?;
            self.state = State::InField;
        }
        Ok(())
    }

    fn in_field(&mut self, cx: &mut Cx, c: Option<u32>) -> Completion<()> {
        let Some(c) = c.filter(|c| !matches!(*c, LF | CR)) else { return self.end_field(cx, c) };
        if self.dialect.escapechar == Some(c) {
            self.state = State::Escaped;
        } else if c == self.dialect.delimiter {
            self.save(cx)?;
            self.state = State::StartField;
        } else {
            self.add(cx, c)?;
            self.state = State::InField;
        }
        Ok(())
    }

    fn after_quote(&mut self, cx: &mut Cx, c: Option<u32>) -> Completion<()> {
        let Some(c) = c.filter(|c| !matches!(*c, LF | CR)) else { return self.end_field(cx, c) };
        if self.is_quote(c) {
            self.add(cx, c)?;
            self.state = State::InQuoted;
        } else if c == self.dialect.delimiter {
            self.save(cx)?;
            self.state = State::StartField;
        } else if !self.dialect.strict {
            self.add(cx, c)?;
            self.state = State::InField;
        } else {
            let of = |c: u32| char::from_u32(c).unwrap_or('\u{fffd}');
            let quote = of(self.dialect.quotechar.unwrap_or(0));
            return fail(cx, &format!("'{}' expected after '{quote}'", of(self.dialect.delimiter)));
        }
        Ok(())
    }
}

pub(super) fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let lines = protocol::iter(cx, args.get(0))?;
    let dialect = dialect::from_call(cx, args.opt(1), args.get(2))?;
    let class = cx.type_for(&READER)?;
    let o = cx.new_instance(class)?;
    o.init(LINES, lines);
    o.init(DIALECT, dialect);
    o.init(LINE_NUM, Value::small(0));
    Ok(o.into())
}

fn next(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let dialect = dialect::in_slot(cx, o, DIALECT)?;
    let mut parser = Parser {
        dialect,
        limit: field_limit(cx)?,
        state: State::StartRecord,
        field: Wtf8Buf::new(),
        len: 0,
        unquoted: true,
        fields: RootVec::new(),
    };
    loop {
        let lines = cx.read(o, LINES)?;
        let Some(line) = protocol::next(cx, lines)? else {
            if parser.len == 0 && parser.state != State::InQuoted {
                return Ok(Value::UNBOUND);
            }
            if dialect.strict {
                return fail(cx, "unexpected end of data");
            }
            parser.save(cx)?;
            break;
        };
        let Some(text) = string::wtf8(line) else {
            let got = cx.type_name(line);
            return fail(
                cx,
                &format!(
                    "iterator should return strings, not {got} (the file should be opened in text mode)"
                ),
            );
        };
        let n = cx.read(o, LINE_NUM)?.small_int().unwrap_or(0);
        cx.set(o, LINE_NUM, Value::small(n + 1))?;
        for point in text.code_points() {
            parser.step(cx, Some(point.to_u32()))?;
        }
        parser.step(cx, END)?;
        if parser.state == State::StartRecord {
            break;
        }
    }
    list::from_vec(cx, parser.fields).map(Value::from)
}

/// `_csv.reader` objects.
pub(super) static READER: TypeDef = TypeDef {
    name: "reader",
    module: "_csv",
    body: Body::Words(Kind::Record, 5),
    methods: &[
        row("__iter__", "(self, /)", Effect::Transactional, |_, args| Ok(args.this())),
        row("__next__", "(self, /)", Effect::Transactional, next),
    ],
    getset: &[
        GetSetDef {
            name: "line_num",
            get: |cx, v| match v.obj() {
                Some(o) => cx.read(o, LINE_NUM),
                None => Ok(Value::NONE),
            },
            set: None,
            doc: "",
        },
        GetSetDef {
            name: "dialect",
            get: |cx, v| match v.obj() {
                Some(o) => cx.read(o, DIALECT),
                None => Ok(Value::NONE),
            },
            set: None,
            doc: "",
        },
    ],
    doc: "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format.",
    ..TypeDef::BASE
};
