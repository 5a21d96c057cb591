//! The embedded web app is read at compile time: build again when it was built again.

fn main() {
    println!("cargo:rerun-if-changed=../../frontend/dist");
}
