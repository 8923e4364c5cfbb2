-- Neovim 0.11 and later start language servers by themselves; before, ftplugin/zis.lua does.

if vim.lsp.enable then
  vim.lsp.enable("zisc")
end
