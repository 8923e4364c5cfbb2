//! tbd

/// tbd
pub fn serve_stdio() -> std::io::Result<()> {
    Ok(())
}
