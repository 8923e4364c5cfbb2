-- Runs `zisc lsp` for .zis buffers: one server for each project.

local zisc = {}

--- The folder of the nearest `zisc.toml` or `.git` above `file`, else the folder of `file`.
local function project_of(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
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

--- Gives `buffer` its language server, or says once why there is none.
function zisc.attach(buffer)
  local program = vim.g.zisc_path or "zisc"
  if vim.fn.executable(program) == 0 then
    vim.notify_once(
      ("The zisc program was not found as `%s`. Install it, or set vim.g.zisc_path."):format(program),
      vim.log.levels.WARN
    )
    return
  end
  local file = vim.api.nvim_buf_get_name(buffer)
  start({ name = "zisc", cmd = { program, "lsp" }, root_dir = project_of(file) }, buffer)
end

return zisc
