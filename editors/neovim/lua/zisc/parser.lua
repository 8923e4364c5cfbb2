-- Builds the tree-sitter parser, which needs a C compiler.

local parser = {}

--- Builds the parser of zis into this plugin, from the folder beside it or from `source`.
function parser.build(source)
  local plugin = vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p:h:h:h")
  source = source or vim.fn.fnamemodify(plugin, ":h") .. "/tree-sitter-zis"
  vim.fn.mkdir(plugin .. "/parser", "p")
  local output = vim.fn.system({
    vim.env.CC or "cc",
    "-O2",
    "-shared",
    "-fPIC",
    "-I" .. source .. "/src",
    source .. "/src/parser.c",
    source .. "/src/scanner.c",
    "-o",
    plugin .. "/parser/zis.so",
  })
  if vim.v.shell_error ~= 0 then
    error("the parser of zis could not be built:\n" .. output)
  end
end

return parser
