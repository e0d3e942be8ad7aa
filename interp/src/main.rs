//! The `taipan` command.

fn main() {
    std::process::exit(taipan::command::main(std::env::args_os().collect()));
}
