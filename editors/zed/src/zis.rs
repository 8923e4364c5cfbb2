//! The zis language for Zed: tells Zed how to run `zisc lsp`.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct ZisExtension;

impl zed::Extension for ZisExtension {
    fn new() -> Self {
        Self
    }

    /// The program named in the settings under `lsp.zisc.binary`, else the first `zisc` on `PATH`.
    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let binary = LspSettings::for_worktree(server.as_ref(), worktree)?.binary;
        let (path, arguments) = binary.map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path.or_else(|| worktree.which("zisc")).ok_or(
            "the zisc program was not found on PATH: install it, or name it in the setting lsp.zisc.binary.path",
        )?;
        Ok(Command { command, args: arguments.unwrap_or_else(|| vec!["lsp".into()]), env: worktree.shell_env() })
    }
}

zed::register_extension!(ZisExtension);
