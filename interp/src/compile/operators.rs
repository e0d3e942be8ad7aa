//! Operators: arithmetic, comparisons, `and`/`or`/`not`, and conditions as jumps.

use ruff_python_ast::{self as ast, BoolOp, CmpOp, Expr, Operator, UnaryOp};
use ruff_text_size::Ranged;

use super::{Compiler, Done, Reg, Result, unit::Label};
use crate::code::{Const, Op};

impl<'a> Compiler<'a> {
    pub(super) fn binary(&mut self, node: &'a ast::ExprBinOp, dst: Reg) -> Done {
        let x = self.operand(&node.left, dst)?;
        let at = self.u.at;
        self.binary_with(node.op, dst, x, &node.right, false)?;
        self.u.at = at;
        Ok(())
    }

    /// `dst = x op right`, `right` still to be evaluated.
    pub(super) fn binary_with(
        &mut self,
        op: Operator,
        dst: Reg,
        x: Reg,
        right: &'a Expr,
        inplace: bool,
    ) -> Done {
        if let Some(value) = self.small_int(right)
            && let Some(op) = immediate(op, value)
        {
            self.op(op, dst, x, u8::from(inplace), value);
            return Ok(());
        }
        let mark = self.u.top;
        let y = self.expr(right)?;
        self.op(register_op(op), dst, x, y, i32::from(inplace));
        self.u.top = mark;
        Ok(())
    }

    pub(super) fn unary(&mut self, node: &'a ast::ExprUnaryOp, dst: Reg) -> Done {
        if node.op == UnaryOp::Not
            && let Expr::Compare(compare) = &*node.operand
            && let [op @ (CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn)] = &*compare.ops
        {
            // `not x in y` is `x not in y`.
            return self.compare_one(&compare.left, op.negate(), &compare.comparators[0], dst);
        }
        let x = self.operand(&node.operand, dst)?;
        let op = match node.op {
            UnaryOp::Invert => Op::Invert,
            UnaryOp::Not => Op::Not,
            UnaryOp::UAdd => Op::Pos,
            UnaryOp::USub => Op::Neg,
        };
        self.op(op, dst, x, 0, 0);
        Ok(())
    }

    /// `x and y`, `x or y` as values.
    pub(super) fn bool_op(&mut self, node: &'a ast::ExprBoolOp, dst: Reg) -> Done {
        let end = self.label();
        let op = if node.op == BoolOp::And { Op::JumpIfNot } else { Op::JumpIf };
        for (at, value) in node.values.iter().enumerate() {
            self.expr_to(value, dst)?;
            if at + 1 < node.values.len() {
                self.jump(op, dst, 0, 0, end);
            }
        }
        self.bind(end);
        Ok(())
    }

    pub(super) fn compare(&mut self, node: &'a ast::ExprCompare, dst: Reg) -> Done {
        let last = node.ops.len().saturating_sub(1);
        if last == 0 {
            return match (node.ops.first(), node.comparators.first()) {
                (Some(op), Some(right)) => self.compare_one(&node.left, *op, right, dst),
                _ => Ok(()),
            };
        }
        let end = self.label();
        let mark = self.u.top;
        let mut x = self.expr(&node.left)?;
        for (at, (op, right)) in node.ops.iter().zip(&*node.comparators).enumerate() {
            let y = self.expr(right)?;
            self.u.at = node.range;
            self.op(compare_op(*op), dst, x, y, 0);
            if at < last {
                self.jump(Op::JumpIfNot, dst, 0, 0, end);
            }
            x = y;
        }
        self.bind(end);
        self.u.top = mark;
        Ok(())
    }

    fn compare_one(&mut self, left: &'a Expr, op: CmpOp, right: &'a Expr, dst: Reg) -> Done {
        let mark = self.u.top;
        let x = self.operand(left, dst)?;
        let y = self.right_side(op, right)?;
        self.op(compare_op(op), dst, x, y, 0);
        self.u.top = mark;
        Ok(())
    }

    /// The right operand; a display of constants behind `in` becomes one constant.
    fn right_side(&mut self, op: CmpOp, right: &'a Expr) -> Result<Reg> {
        let items = match right {
            Expr::List(list) if matches!(op, CmpOp::In | CmpOp::NotIn) => &list.elts,
            Expr::Set(set) if matches!(op, CmpOp::In | CmpOp::NotIn) => &set.elts,
            _ => return self.expr(right),
        };
        let Some(items) = items.iter().map(|item| self.fold(item)).collect::<Option<Vec<_>>>()
        else {
            return self.expr(right);
        };
        let y = self.temp()?;
        let value = if right.is_set_expr() { Const::FrozenSet(items) } else { Const::Tuple(items) };
        self.load_const(y, value);
        Ok(y)
    }

    // ---- conditions -----------------------------------------------------------------------------

    /// Jumps to `to` if the truth of `expr` is `sense`, else goes on.
    pub(super) fn jump_if(&mut self, expr: &'a Expr, sense: bool, to: Label) -> Done {
        let outer = std::mem::replace(&mut self.u.at, expr.range());
        let mark = self.u.top;
        let done = stacker::maybe_grow(super::RED_ZONE, super::STACK_CHUNK, || {
            self.jump_if_inner(expr, sense, to)
        });
        self.u.top = mark;
        self.u.at = outer;
        done
    }

    fn jump_if_inner(&mut self, expr: &'a Expr, sense: bool, to: Label) -> Done {
        if let Some(truth) = self.constant_truth(expr) {
            if truth == sense {
                self.goto(to);
            }
            return Ok(());
        }
        match expr {
            Expr::UnaryOp(node) if node.op == UnaryOp::Not => {
                return self.jump_if(&node.operand, !sense, to);
            }
            Expr::BoolOp(node) => return self.jump_if_bool_op(node, sense, to),
            Expr::Compare(node) => return self.jump_if_compare(node, sense, to),
            Expr::If(node) => {
                let (otherwise, end) = (self.label(), self.label());
                self.jump_if(&node.test, false, otherwise)?;
                self.jump_if(&node.body, sense, to)?;
                self.goto(end);
                self.bind(otherwise);
                self.jump_if(&node.orelse, sense, to)?;
                self.bind(end);
                return Ok(());
            }
            _ => {}
        }
        let value = self.expr(expr)?;
        self.jump(if sense { Op::JumpIf } else { Op::JumpIfNot }, value, 0, 0, to);
        Ok(())
    }

    fn jump_if_bool_op(&mut self, node: &'a ast::ExprBoolOp, sense: bool, to: Label) -> Done {
        let Some((last, first)) = node.values.split_last() else { return Ok(()) };
        // `and` is decided by the first false value, `or` by the first true one.
        let decides = node.op == BoolOp::Or;
        if decides == sense {
            for value in first {
                self.jump_if(value, sense, to)?;
            }
            return self.jump_if(last, sense, to);
        }
        let end = self.label();
        for value in first {
            self.jump_if(value, decides, end)?;
        }
        self.jump_if(last, sense, to)?;
        self.bind(end);
        Ok(())
    }

    fn jump_if_compare(&mut self, node: &'a ast::ExprCompare, sense: bool, to: Label) -> Done {
        let last = node.ops.len().saturating_sub(1);
        if last == 0 {
            let (Some(op), Some(right)) = (node.ops.first(), node.comparators.first()) else {
                return Ok(());
            };
            return self.jump_if_one(&node.left, *op, right, sense, to);
        }
        let end = self.label();
        let exit = if sense { end } else { to };
        let mut x = self.expr(&node.left)?;
        for (at, (op, right)) in node.ops.iter().zip(&*node.comparators).enumerate() {
            let y = self.expr(right)?;
            self.u.at = node.range;
            if at < last {
                self.compare_jump(*op, x, y, false, exit);
            } else {
                self.compare_jump(*op, x, y, sense, to);
            }
            x = y;
        }
        self.bind(end);
        Ok(())
    }

    fn jump_if_one(
        &mut self,
        left: &'a Expr,
        op: CmpOp,
        right: &'a Expr,
        sense: bool,
        to: Label,
    ) -> Done {
        let is_none = matches!(right, Expr::NoneLiteral(_));
        let x = self.expr(left)?;
        match op {
            CmpOp::Is | CmpOp::IsNot if is_none => {
                let none = (op == CmpOp::Is) == sense;
                self.jump(if none { Op::JumpIfNone } else { Op::JumpIfNotNone }, x, 0, 0, to);
                return Ok(());
            }
            _ => {}
        }
        if let Some(value) = self.small_int(right).and_then(|value| i8::try_from(value).ok())
            && let Some(op) = immediate_jump(op)
        {
            self.jump(op, x, value as u8, u8::from(sense), to);
            return Ok(());
        }
        let y = self.right_side(op, right)?;
        self.compare_jump(op, x, y, sense, to);
        Ok(())
    }

    fn compare_jump(&mut self, op: CmpOp, x: Reg, y: Reg, sense: bool, to: Label) {
        let (op, sense) = match op {
            CmpOp::Eq => (Op::JumpEq, sense),
            CmpOp::NotEq => (Op::JumpNe, sense),
            CmpOp::Lt => (Op::JumpLt, sense),
            CmpOp::LtE => (Op::JumpLe, sense),
            CmpOp::Gt => (Op::JumpGt, sense),
            CmpOp::GtE => (Op::JumpGe, sense),
            CmpOp::Is => (Op::JumpIs, sense),
            CmpOp::IsNot => (Op::JumpIs, !sense),
            CmpOp::In => (Op::JumpIn, sense),
            CmpOp::NotIn => (Op::JumpIn, !sense),
        };
        self.jump(op, x, y, u8::from(sense), to);
    }
}

fn immediate(op: Operator, value: i32) -> Option<Op> {
    let shift = (0..=63).contains(&value);
    Some(match op {
        Operator::Add => Op::AddI,
        Operator::Sub => Op::SubI,
        Operator::Mult => Op::MulI,
        Operator::FloorDiv if value != 0 => Op::FloorDivI,
        Operator::Mod if value != 0 => Op::ModI,
        Operator::BitAnd => Op::AndI,
        Operator::LShift if shift => Op::ShlI,
        Operator::RShift if shift => Op::ShrI,
        _ => return None,
    })
}

fn register_op(op: Operator) -> Op {
    match op {
        Operator::Add => Op::Add,
        Operator::Sub => Op::Sub,
        Operator::Mult => Op::Mul,
        Operator::MatMult => Op::MatMul,
        Operator::Div => Op::TrueDiv,
        Operator::Mod => Op::Mod,
        Operator::Pow => Op::Pow,
        Operator::LShift => Op::Shl,
        Operator::RShift => Op::Shr,
        Operator::BitOr => Op::Or,
        Operator::BitXor => Op::Xor,
        Operator::BitAnd => Op::And,
        Operator::FloorDiv => Op::FloorDiv,
    }
}

fn compare_op(op: CmpOp) -> Op {
    match op {
        CmpOp::Eq => Op::Eq,
        CmpOp::NotEq => Op::Ne,
        CmpOp::Lt => Op::Lt,
        CmpOp::LtE => Op::Le,
        CmpOp::Gt => Op::Gt,
        CmpOp::GtE => Op::Ge,
        CmpOp::Is => Op::Is,
        CmpOp::IsNot => Op::IsNot,
        CmpOp::In => Op::In,
        CmpOp::NotIn => Op::NotIn,
    }
}

fn immediate_jump(op: CmpOp) -> Option<Op> {
    Some(match op {
        CmpOp::Eq => Op::JumpEqI,
        CmpOp::NotEq => Op::JumpNeI,
        CmpOp::Lt => Op::JumpLtI,
        CmpOp::LtE => Op::JumpLeI,
        CmpOp::Gt => Op::JumpGtI,
        CmpOp::GtE => Op::JumpGeI,
        _ => return None,
    })
}
