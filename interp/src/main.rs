//! The `taipan` command.

fn main() {
    std::process::exit(taipan::run::command(std::env::args_os().collect()));
}
