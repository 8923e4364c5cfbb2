-- Builds the tree-sitter parser, which needs a C compiler.

local parser = {}

local plugin = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h:h")

--- Builds the parser of zis from the folder beside this plugin, into `runtime`, which is the plugin if it is left out.
function parser.build(runtime)
  local source = vim.fn.fnamemodify(plugin, ":h") .. "/tree-sitter-zis/src"
  local folder = (runtime or plugin) .. "/parser"
  vim.fn.mkdir(folder, "p")
  local files = { source .. "/parser.c", source .. "/scanner.c", "-o", folder .. "/zis.so" }
  local compiler = { vim.env.CC or "cc", "-O2", "-shared", "-fPIC", "-I" .. source }
  local output = vim.fn.system(vim.list_extend(compiler, files))
  if vim.v.shell_error ~= 0 then
    error("the parser of zis could not be built:\n" .. output)
  end
end

return parser
