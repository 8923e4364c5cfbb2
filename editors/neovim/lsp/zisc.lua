-- The language server, for `vim.lsp.enable` of Neovim 0.11 and later; `vim.lsp.config("zisc", …)` changes it.

local zisc = require("zisc")

return {
  cmd = { zisc.program(), "lsp" },
  filetypes = { "zis" },
  root_dir = function(buffer, start_in)
    if zisc.is_installed() then
      start_in(zisc.project_of(buffer))
    end
  end,
}
