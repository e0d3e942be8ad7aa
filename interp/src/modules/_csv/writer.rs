//! Writers: rows become lines, each passed to the `write` of a file.
//!
//! Conflicts: none of their own; a writer never changes.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};
use taipan_objects::{
    Args, Body, Completion, Cx, Effect, GetSetDef, Kind, Special, TypeDef, Value,
    protocol::{self, convert},
    raise,
    types::str as string,
};

use super::{
    dialect::{self, Dialect, quote},
    fail, row,
};

const WRITE: usize = 2;
const DIALECT: usize = 3;

pub(super) fn new(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let name = cx.intern("write")?;
    let write = protocol::get_attr_opt(cx, args.get(0), name)?;
    let Some(write) = write.filter(|f| protocol::find_special(cx, *f, Special::Call).is_some())
    else {
        return raise!(cx, TypeError, "argument 1 must have a \"write\" method");
    };
    let dialect = dialect::from_call(cx, args.opt(1), args.get(2))?;
    let class = cx.type_for(&WRITER)?;
    let o = cx.new_instance(class)?;
    o.init(WRITE, write);
    o.init(DIALECT, dialect);
    Ok(o.into())
}

/// One line in the making.
struct Line<'a> {
    dialect: &'a Dialect,
    text: Wtf8Buf,
    n_fields: usize,
}

impl Line<'_> {
    fn push(&mut self, c: u32) {
        if let Some(point) = CodePoint::from_u32(c) {
            self.text.push(point);
        }
    }

    /// Appends a field; `None` is one without a value.
    fn append(&mut self, cx: &mut Cx, field: Option<&Wtf8>, quoted: bool) -> Completion<()> {
        let d = self.dialect;
        let mut quoted = quoted;
        let mut body = Vec::new();
        let text = field.unwrap_or(Wtf8::new(""));
        for point in text.code_points() {
            let c = point.to_u32();
            let is_special = c == d.delimiter
                || d.escapechar == Some(c)
                || d.quotechar == Some(c)
                || matches!(c, 10 | 13)
                || d.ends_line(c);
            if is_special {
                let mut escape = d.quoting == quote::NONE;
                if !escape && d.quotechar == Some(c) {
                    if d.doublequote {
                        body.push(c);
                    } else {
                        escape = true;
                    }
                } else if !escape && d.escapechar == Some(c) {
                    escape = true;
                }
                if escape {
                    let Some(mark) = d.escapechar else {
                        return fail(cx, "need to escape, but no escapechar set");
                    };
                    body.push(mark);
                } else {
                    quoted = true;
                }
            }
            body.push(c);
        }
        if text.is_empty() && d.delimiter == u32::from(' ') && d.skipinitialspace {
            if d.quoting == quote::NONE
                || (field.is_none() && matches!(d.quoting, quote::STRINGS | quote::NOTNULL))
            {
                return fail(
                    cx,
                    "empty field must be quoted if delimiter is a space and skipinitialspace is true",
                );
            }
            quoted = true;
        }
        if self.n_fields > 0 {
            self.push(d.delimiter);
        }
        let mark = d.quotechar.filter(|_| quoted);
        mark.into_iter().for_each(|c| self.push(c));
        body.into_iter().for_each(|c| self.push(c));
        mark.into_iter().for_each(|c| self.push(c));
        self.n_fields += 1;
        Ok(())
    }
}

fn is_quoted(cx: &mut Cx, d: &Dialect, v: Value) -> bool {
    match d.quoting {
        quote::NONNUMERIC => {
            let is_number = v.float_value().is_some()
                || convert::as_int(v).is_some()
                || protocol::find_special(cx, v, Special::Float).is_some()
                || protocol::find_special(cx, v, Special::Index).is_some();
            !is_number
        }
        quote::ALL => true,
        quote::STRINGS => string::wtf8(v).is_some(),
        quote::NOTNULL => !v.is_none(),
        _ => false,
    }
}

fn writerow(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let o = args.this_obj();
    let d = dialect::in_slot(cx, o, DIALECT)?;
    if protocol::find_special(cx, args.get(1), Special::Iter).is_none()
        && protocol::find_special(cx, args.get(1), Special::GetItem).is_none()
    {
        let got = cx.type_name(args.get(1));
        return fail(cx, &format!("iterable expected, not {got}"));
    }
    let fields = protocol::collect(cx, args.get(1))?;
    let mut line = Line { dialect: d, text: Wtf8Buf::new(), n_fields: 0 };
    let mut is_null = false;
    for &v in fields.as_slice() {
        let quoted = is_quoted(cx, d, v);
        is_null = v.is_none();
        if is_null {
            line.append(cx, None, quoted)?;
            continue;
        }
        let text = if string::wtf8(v).is_some() { v } else { protocol::str_of(cx, v)? };
        let text = string::wtf8(text).unwrap_or(Wtf8::new(""));
        line.append(cx, Some(text), quoted)?;
    }
    if line.n_fields > 0 && line.text.is_empty() {
        if d.quoting == quote::NONE
            || (is_null && matches!(d.quoting, quote::STRINGS | quote::NOTNULL))
        {
            return fail(cx, "single empty field record must be quoted");
        }
        line.n_fields -= 1;
        line.append(cx, None, true)?;
    }
    line.text.push_wtf8(&d.lineterminator);
    let n = line.text.code_points().count();
    let text = string::new_str_bytes(cx, line.text.as_bytes(), n)?;
    let write = cx.read(o, WRITE)?;
    protocol::call(cx, write, &[text])
}

fn writerows(cx: &mut Cx, args: Args<'_>) -> Completion<Value> {
    let rows = protocol::iter(cx, args.get(1))?;
    while let Some(one) = protocol::next(cx, rows)? {
        writerow(cx, Args(&[args.get(0), one]))?;
    }
    Ok(Value::NONE)
}

/// `_csv.writer` objects.
pub(super) static WRITER: TypeDef = TypeDef {
    name: "writer",
    module: "_csv",
    body: Body::Words(Kind::Record, 4),
    methods: &[
        row("writerow", "(self, row, /)", Effect::Transactional, writerow),
        row("writerows", "(self, rows, /)", Effect::Transactional, writerows),
    ],
    getset: &[GetSetDef {
        name: "dialect",
        get: |cx, v| match v.obj() {
            Some(o) => cx.read(o, DIALECT),
            None => Ok(Value::NONE),
        },
        set: None,
        doc: "",
    }],
    doc: "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV format from sequence input.",
    ..TypeDef::BASE
};
