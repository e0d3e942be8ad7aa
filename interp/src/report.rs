//! Uncaught exceptions as text: reads exception objects into the plain data that `traceback` prints.
//!
//! Source lines come from the texts handed in (`-c`, interactive input), the embedded library, or files.
//! Nothing here raises: what cannot be had is left out, as CPython does.

use std::{collections::HashMap, path::Path};

use taipan_objects::{
    Cx, Kind, Obj, T, Value, class,
    protocol::{self, convert},
    types::{exc_fields, exc_group, exception, str as string},
};

use crate::{
    modules, stdlib,
    syntax::Source,
    traceback::{self, Exc, Excs, Frame, SyntaxPlace},
    vm::{frame_object, loaded, state::vm_ref, traceback as entries},
};

/// Exceptions beyond which a chain is cut.
const MAX_EXCEPTIONS: usize = 1_000;

/// Prints exceptions, remembering source texts.
#[derive(Debug, Default)]
pub struct Reporter {
    texts: HashMap<String, Option<Source>>,
}

impl Reporter {
    /// Makes `text` the source of `filename`.
    pub fn add_text(&mut self, filename: &str, text: &str) {
        self.texts.insert(filename.to_owned(), Source::from_text(text).ok());
    }

    /// The traceback of `exc` and those it is chained to, as CPython prints it.
    pub fn text(&mut self, cx: &mut Cx, exc: Obj) -> String {
        let mut reader = Reader { reporter: self, excs: Excs::default(), objects: Vec::new() };
        reader.reserve(exc);
        let mut next = 0;
        while let Some(&object) = reader.objects.get(next) {
            let data = reader.read(cx, object);
            if let Some(slot) = reader.excs.all.get_mut(next) {
                *slot = data;
            }
            next += 1;
        }
        traceback::render(&reader.excs, 0, true)
    }

    fn lines(&mut self, filename: &str, first: u32, last: u32) -> Vec<String> {
        let source = self.texts.entry(filename.to_owned()).or_insert_with(|| read(filename));
        let Some(source) = source else { return Vec::new() };
        if first == 0 || first > source.line_count() {
            return Vec::new();
        }
        let last = last.clamp(first, source.line_count());
        (first..=last).map(|line| source.line_text(line).to_owned()).collect()
    }
}

/// A source by the name code objects show: of the embedded library, or a file.
fn read(filename: &str) -> Option<Source> {
    if filename.starts_with('<') && filename.ends_with('>') {
        return None;
    }
    let path = Path::new(filename);
    if let Ok(bytes) = std::fs::read(path) {
        return Source::from_file(&bytes, path).ok();
    }
    let exe = std::env::current_exe().ok()?;
    let relative = path.strip_prefix(stdlib::root_for(&exe)).ok()?;
    Source::from_file(&stdlib::read(relative.to_str()?)?, path).ok()
}

struct Reader<'a> {
    reporter: &'a mut Reporter,
    excs: Excs,
    /// The exceptions, in the order of `excs`. They are reachable from the first, which the caller holds.
    objects: Vec<Obj>,
}

impl Reader<'_> {
    /// The index of an exception; `None` once there are too many.
    fn reserve(&mut self, exc: Obj) -> Option<usize> {
        if let Some(index) = self.objects.iter().position(|&known| known == exc) {
            return Some(index);
        }
        if self.objects.len() >= MAX_EXCEPTIONS {
            return None;
        }
        self.objects.push(exc);
        self.excs.all.push(Exc::default());
        Some(self.objects.len() - 1)
    }

    fn linked(&mut self, exc: Obj, slot: usize) -> Option<usize> {
        let other = exc.raw(slot).obj().filter(|other| other.kind() == Kind::Exception)?;
        self.reserve(other)
    }

    fn read(&mut self, cx: &mut Cx, exc: Obj) -> Exc {
        let members = match class::is_subclass(exc.class(), cx.class(T::BaseExceptionGroup)) {
            true => exc_group::exceptions(cx, exc).ok().map(|all| {
                all.iter().filter_map(|member| member.obj()).filter_map(|it| self.reserve(it)).collect()
            }),
            false => None,
        };
        let syntax = class::is_subclass(exc.class(), cx.class(T::SyntaxError))
            .then(|| syntax_place(exc));
        Exc {
            type_name: type_name(cx, exc),
            message: message(cx, exc),
            notes: notes(cx, exc),
            frames: self.frames(cx, exc),
            cause: self.linked(exc, exception::slot::CAUSE),
            context: self.linked(exc, exception::slot::CONTEXT),
            suppress_context: exc.raw(exception::slot::SUPPRESS) == Value::TRUE,
            members,
            syntax,
        }
    }

    fn frames(&mut self, cx: &mut Cx, exc: Obj) -> Vec<Frame> {
        let mut frames = Vec::new();
        let mut entry = exc.raw(exception::slot::TRACEBACK).obj();
        while let Some(it) = entry.filter(|it| it.class() == cx.class(T::traceback)) {
            frames.extend(self.frame(it));
            entry = it.raw(entries::slot::NEXT).obj();
        }
        frames
    }

    fn frame(&mut self, entry: Obj) -> Option<Frame> {
        let frame = entry.raw(entries::slot::FRAME).obj()?;
        let code = frame.raw(frame_object::slot::CODE).obj().and_then(loaded::of)?;
        let at = usize::try_from(entry.raw(entries::slot::AT).as_small()).ok()?;
        let position = code.unit.positions.get(at).copied().unwrap_or_default();
        let lineno = u32::try_from(entry.raw(entries::slot::LINE).as_small()).unwrap_or(0);
        let has_columns = position.line == lineno && position.end_line >= lineno && lineno > 0;
        let end_lineno = if has_columns { position.end_line } else { lineno };
        Some(Frame {
            filename: code.unit.filename.to_string(),
            lineno: Some(lineno),
            end_lineno: Some(end_lineno),
            col: has_columns.then_some(position.col),
            end_col: has_columns.then_some(position.end_col),
            name: code.unit.name.to_string(),
            lines: self.reporter.lines(&code.unit.filename, lineno, end_lineno),
        })
    }
}

fn attribute(cx: &mut Cx, of: Value, name: &str) -> Option<Value> {
    let name = cx.intern(name).ok()?;
    protocol::get_attr_opt(cx, of, name).ok().flatten()
}

fn type_name(cx: &mut Cx, exc: Obj) -> String {
    let class = exc.class();
    let qualname = attribute(cx, class.into(), "__qualname__").and_then(string::text);
    let qualname = qualname.unwrap_or_else(|| class::name(class));
    match attribute(cx, class.into(), "__module__").and_then(string::text) {
        Some("builtins" | "__main__") => qualname.to_owned(),
        Some(module) => format!("{module}.{qualname}"),
        None => format!("<unknown>.{qualname}"),
    }
}

fn message(cx: &mut Cx, exc: Obj) -> String {
    let Ok(mut text) = convert::str_text(cx, exc.into()) else {
        return "<exception str() failed>".to_owned();
    };
    let is_a = |cx: &Cx, t| class::is_subclass(exc.class(), cx.class(t));
    let wrong = match () {
        () if is_a(cx, T::NameError) => exc.raw(exc_fields::word(T::NameError, "name")),
        () if is_a(cx, T::AttributeError) => exc.raw(exc_fields::word(T::AttributeError, "name")),
        () if is_a(cx, T::ImportError) => exc.raw(exc_fields::word(T::ImportError, "name_from")),
        () => return text,
    };
    let Some(wrong) = string::text(wrong) else { return text };
    let suggestion = suggestion(cx, exc, wrong);
    if let Some(suggestion) = &suggestion {
        text.push_str(&format!(". Did you mean: '{suggestion}'?"));
    }
    let is_module = stdlib::find(wrong).is_some() || modules::find(wrong).is_some();
    if is_a(cx, T::NameError) && is_module {
        let lead = if suggestion.is_some() { " Or did" } else { ". Did" };
        text.push_str(&format!("{lead} you forget to import '{wrong}'?"));
    }
    text
}

fn suggestion(cx: &mut Cx, exc: Obj, wrong: &str) -> Option<String> {
    let names = if class::is_subclass(exc.class(), cx.class(T::NameError)) {
        let frame = last_frame(cx, exc)?;
        let locals = attribute(cx, frame, "f_locals")?;
        if let Some(this) = own_attribute(cx, locals, wrong) {
            return Some(this);
        }
        let mut names = keys(cx, locals);
        for name in ["f_globals", "f_builtins"] {
            let scope = attribute(cx, frame, name)?;
            names.extend(keys(cx, scope));
        }
        names
    } else if class::is_subclass(exc.class(), cx.class(T::AttributeError)) {
        let owner = exc.raw(exc_fields::word(T::AttributeError, "obj")).bound()?;
        dir(cx, owner, wrong)
    } else {
        let module = exc.raw(exc_fields::word(T::ImportError, "name"));
        let module = cx.world.import_module(cx, string::text(module)?).ok()?;
        dir(cx, module, wrong)
    };
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    traceback::closest(wrong, &names).map(str::to_owned)
}

/// `self.name`, if the method's instance has what the name was to be.
fn own_attribute(cx: &mut Cx, locals: Value, wrong: &str) -> Option<String> {
    let key = cx.intern("self").ok()?;
    let this = protocol::get_item(cx, locals, key).ok()?;
    attribute(cx, this, wrong).map(|_| format!("self.{wrong}"))
}

fn last_frame(cx: &mut Cx, exc: Obj) -> Option<Value> {
    let mut entry = exc.raw(exception::slot::TRACEBACK).obj()?;
    while let Some(next) = entry.raw(entries::slot::NEXT).obj() {
        if next.class() != cx.class(T::traceback) {
            break;
        }
        entry = next;
    }
    entry.raw(entries::slot::FRAME).bound()
}

fn keys(cx: &mut Cx, mapping: Value) -> Vec<String> {
    let Ok(names) = protocol::collect(cx, mapping) else { return Vec::new() };
    names.as_slice().iter().filter_map(|&name| string::text(name)).map(str::to_owned).collect()
}

/// `dir(owner)` without private names, unless one was asked for.
fn dir(cx: &mut Cx, owner: Value, wrong: &str) -> Vec<String> {
    let builtins = vm_ref(cx).shared.builtins();
    let names = cx.intern("dir").and_then(|key| {
        let dir = protocol::get_item(cx, builtins.into(), key)?;
        protocol::call(cx, dir, &[owner])
    });
    let Ok(names) = names else { return Vec::new() };
    let mut names = keys(cx, names);
    if !wrong.starts_with('_') {
        names.retain(|name| !name.starts_with('_'));
    }
    names
}

fn notes(cx: &mut Cx, exc: Obj) -> Vec<String> {
    let Some(notes) = attribute(cx, exc.into(), "__notes__") else { return Vec::new() };
    let is_list = notes.obj().is_some_and(|it| matches!(it.kind(), Kind::List | Kind::Tuple));
    if !is_list {
        return convert::repr_text(cx, notes).into_iter().collect();
    }
    let Ok(notes) = protocol::collect(cx, notes) else { return Vec::new() };
    let text = |cx: &mut Cx, note| convert::str_text(cx, note).unwrap_or_else(|_| "<note str() failed>".to_owned());
    notes.as_slice().iter().map(|&note| text(cx, note)).collect()
}

fn syntax_place(exc: Obj) -> SyntaxPlace {
    let field = |name| exc.raw(exc_fields::word(T::SyntaxError, name));
    let text = |name| string::wtf8(field(name)).map(|text| text.to_string());
    let number = |name| field(name).small_int();
    SyntaxPlace {
        msg: text("msg"),
        filename: text("filename"),
        lineno: number("lineno"),
        end_lineno: number("end_lineno"),
        offset: number("offset"),
        end_offset: number("end_offset"),
        text: text("text"),
    }
}
