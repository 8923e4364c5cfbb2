-- Runs `zisc lsp` for .zis buffers, one server for each project, and colours them with tree-sitter where that is installed.

local zisc = {}

--- The program, which `vim.g.zisc_path` names where it is not on PATH.
function zisc.program()
  return vim.g.zisc_path or "zisc"
end

--- Whether the program is there; says once that it is not.
function zisc.is_installed()
  local program = zisc.program()
  if vim.fn.executable(program) == 1 then
    return true
  end
  vim.notify_once(
    ("The zisc program was not found as `%s`. Install it, or set vim.g.zisc_path."):format(program),
    vim.log.levels.WARN
  )
  return false
end

--- The folder of the nearest `zisc.toml` or `.git` above the file of `buffer`, else the folder of the file.
function zisc.project_of(buffer)
  local folder = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ":p:h")
  for _, marker in ipairs({ "zisc.toml", ".git" }) do
    local path = vim.fn.finddir(marker, folder .. ";")
    if path == "" then
      path = vim.fn.findfile(marker, folder .. ";")
    end
    if path ~= "" then
      return vim.fn.fnamemodify(path, ":p"):gsub("/$", ""):match("^(.*)/")
    end
  end
  return folder
end

-- Neovim before 0.8 has no `vim.lsp.start`, which finds a server that runs already.
local started = {}

local function start(config, buffer)
  if vim.lsp.start then
    return vim.lsp.start(config, { bufnr = buffer })
  end
  local client = started[config.root_dir]
  if not client or vim.lsp.client_is_stopped(client) then
    client = vim.lsp.start_client(config)
    started[config.root_dir] = client
  end
  vim.lsp.buf_attach_client(buffer, client)
end

--- Gives `buffer` its language server, where `vim.lsp.enable` of Neovim 0.11 has not done so.
function zisc.attach(buffer)
  if not vim.lsp.enable and zisc.is_installed() then
    start({ name = "zisc", cmd = { zisc.program(), "lsp" }, root_dir = zisc.project_of(buffer) }, buffer)
  end
end

--- Whether there is a parser of `language`.
function zisc.has_parser(language)
  return vim.fn.has("nvim-0.10") == 1 and #vim.api.nvim_get_runtime_file("parser/" .. language .. ".*", false) > 0
end

--- Colours `buffer` with tree-sitter, if there are parsers for it and for the jq in it; else syntax/zis.vim does.
function zisc.colour(buffer)
  if zisc.has_parser("zis") and zisc.has_parser("jq") then
    vim.treesitter.start(buffer, "zis")
  end
end

return zisc
