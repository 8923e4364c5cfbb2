-- Settings of a .zis buffer, its language server and its colours. `vim.g.zisc_path` names a `zisc` that is not on PATH.

if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = 1

vim.bo.commentstring = "// %s"
vim.bo.comments = ":///,://"
vim.bo.formatoptions = vim.bo.formatoptions:gsub("t", "") .. "croql"
vim.bo.shiftwidth = 2
vim.bo.softtabstop = 2
vim.bo.expandtab = true
vim.bo.autoindent = true
vim.bo.smartindent = true
vim.bo.omnifunc = "v:lua.vim.lsp.omnifunc"
vim.b.undo_ftplugin = "setlocal commentstring< comments< formatoptions< shiftwidth< softtabstop< expandtab< autoindent< smartindent< omnifunc<"

local buffer = vim.api.nvim_get_current_buf()
require("zisc").attach(buffer)
require("zisc").colour(buffer)
