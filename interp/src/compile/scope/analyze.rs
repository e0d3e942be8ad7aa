//! Second pass: decides where each name lives.

use std::collections::HashSet;

use super::{Home, Name, Scope, ScopeId, ScopeKind, Table, flag};
use crate::compile::CompileError;

type Names = HashSet<Name>;

/// Names that class bodies provide to the functions in them.
const CLASS_CELLS: [&str; 3] = ["__class__", "__classdict__", "__conditional_annotations__"];

/// Decides every symbol of the scopes under `root`.
pub(super) fn analyze(table: &mut Table, root: ScopeId) -> Result<(), CompileError> {
    let (bound, globals, params) = (Names::new(), Names::new(), Names::new());
    block(table, root, &bound, &globals, &params)?;
    Ok(())
}

/// Returns the names that `id` needs from enclosing functions' cells.
fn block(
    table: &mut Table,
    id: ScopeId,
    bound: &Names,
    globals: &Names,
    type_params: &Names,
) -> Result<Names, CompileError> {
    let kind = table.scopes[id].kind;
    let (mut bound_inside, mut globals_inside) = (bound.clone(), globals.clone());
    let mut params_inside = type_params.clone();
    let (mut locals, mut free) = (Names::new(), Names::new());
    for at in 0..table.scopes[id].symbols.len() {
        let known = Known { bound, globals, type_params };
        let home = decide(table, id, at, &known)?;
        let symbol = &mut table.scopes[id].symbols[at];
        symbol.home = home;
        let name = symbol.name.clone();
        match home {
            Home::Local | Home::Cell => {
                locals.insert(name.clone());
                if kind != ScopeKind::Class && kind != ScopeKind::Module {
                    bound_inside.insert(name.clone());
                    globals_inside.remove(&name);
                    if symbol.flags & flag::TYPE_PARAM != 0 {
                        params_inside.insert(name);
                    } else {
                        params_inside.remove(&name);
                    }
                }
            }
            Home::Free => {
                free.insert(name);
            }
            Home::GlobalExplicit if kind != ScopeKind::Class => {
                bound_inside.remove(&name);
                globals_inside.insert(name);
            }
            Home::GlobalExplicit | Home::GlobalImplicit | Home::Parent => {}
        }
    }
    if kind == ScopeKind::Class {
        bound_inside.extend(CLASS_CELLS.map(Name::from));
    }
    for child in table.scopes[id].children.clone() {
        free.extend(block(table, child, &bound_inside, &globals_inside, &params_inside)?);
    }
    settle(table, id, &locals, &mut free);
    Ok(free)
}

struct Known<'a> {
    bound: &'a Names,
    globals: &'a Names,
    type_params: &'a Names,
}

fn decide(table: &Table, id: ScopeId, at: usize, known: &Known<'_>) -> Result<Home, CompileError> {
    let scope = &table.scopes[id];
    let symbol = &scope.symbols[at];
    let (name, flags) = (&symbol.name, symbol.flags);
    let fail = |message: String| Err(CompileError::syntax(message, symbol.range));
    if flags & flag::GLOBAL != 0 {
        if flags & flag::NONLOCAL != 0 {
            return fail(format!("name '{name}' is nonlocal and global"));
        }
        return Ok(Home::GlobalExplicit);
    }
    if flags & flag::NONLOCAL != 0 {
        if scope.inlined {
            return Ok(Home::Parent);
        }
        if !known.bound.contains(name) {
            return fail(format!("no binding for nonlocal '{name}' found"));
        }
        if known.type_params.contains(name) {
            return fail(format!("nonlocal binding not allowed for type parameter '{name}'"));
        }
        return Ok(Home::Free);
    }
    if flags & flag::BOUND != 0 {
        return Ok(Home::Local);
    }
    if scope.inlined {
        return Ok(Home::Parent);
    }
    // Names of the class come first, then globals: not the enclosing functions.
    match seen_class(table, id).map(|class| class.flags(name)) {
        Some(flags) if flags & flag::GLOBAL != 0 => return Ok(Home::GlobalExplicit),
        Some(flags) if flags & flag::BOUND != 0 && flags & flag::NONLOCAL == 0 => {
            return Ok(Home::GlobalImplicit);
        }
        _ => {}
    }
    if known.bound.contains(name) {
        return Ok(Home::Free);
    }
    if known.globals.contains(name) {
        return Ok(Home::GlobalExplicit);
    }
    Ok(Home::GlobalImplicit)
}

/// The class whose names an annotation scope sees.
fn seen_class(table: &Table, id: ScopeId) -> Option<&Scope> {
    let mut scope = &table.scopes[id];
    if !scope.sees_class {
        return None;
    }
    while scope.kind != ScopeKind::Class {
        scope = &table.scopes[scope.parent?];
    }
    Some(scope)
}

/// Turns captured locals into cells and passes other free names through.
fn settle(table: &mut Table, id: ScopeId, locals: &Names, free: &mut Names) {
    let scope = &mut table.scopes[id];
    match scope.kind {
        ScopeKind::Module => free.clear(),
        ScopeKind::Class => {
            scope.needs_class_cell = free.remove("__class__");
            scope.needs_classdict = free.remove("__classdict__");
            free.remove("__conditional_annotations__");
        }
        _ => {
            for symbol in &mut scope.symbols {
                if locals.contains(&symbol.name) && free.remove(&symbol.name) {
                    symbol.home = Home::Cell;
                }
            }
        }
    }
    let mut passed: Vec<Name> = free.iter().cloned().collect();
    passed.sort();
    for name in passed {
        let inlined = scope.inlined;
        match scope.symbol(&name).map(|symbol| symbol.home) {
            Some(Home::Free | Home::Parent) => {}
            // A class body may bind a name that scopes inside it take from outside.
            Some(_) => {
                scope.add(&name, flag::FREE_CLASS, Default::default());
            }
            None => {
                let symbol = scope.add(&name, 0, Default::default());
                symbol.home = if inlined { Home::Parent } else { Home::Free };
            }
        }
    }
}
