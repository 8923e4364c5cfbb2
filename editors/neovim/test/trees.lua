-- Reads programs with the tree-sitter grammar: its own cases, and whatever the compiler accepts.

local check = require("report").check

local root = vim.env.ZISC_TEST_ROOT
local grammar = root .. "/editors/tree-sitter-zis"
local zisc = vim.g.zisc_path

local function read(path)
  return table.concat(vim.fn.readfile(path, "b"), "\n")
end

local function tree_of(text)
  return vim.treesitter.get_string_parser(text, "zis"):parse()[1]:root()
end

--- Whether something in a text could not be read.
local function is_broken(text)
  local tree = tree_of(text)
  return tree:has_error() or tree:sexpr():find("(unclosed)", 1, true) ~= nil
end

--- A tree as text, as the cases have it: without the names of fields.
local function shape(expression)
  return (expression:gsub("%s+", " "):gsub("([%( ])[%w_]+: ", "%1"):gsub("%( ", "("):gsub(" %)", ")"))
end

check("the parser is what grammar.js was made into", function()
  local output = vim.fn.system({ "sh", "-c", "cd '" .. grammar .. "' && sha256sum --check --quiet src/generated.sha256" })
  assert(vim.v.shell_error == 0, output .. "run `npm run generate` in editors/tree-sitter-zis")
end)

--- The cases of a file: a name between two lines of `=`, a program, a line of `-`, and its tree.
local function read_cases(path)
  local cases = {}
  local lines = vim.fn.readfile(path)
  for index, line in ipairs(lines) do
    if line:match("^=+$") and (lines[index + 2] or ""):match("^=+$") then
      table.insert(cases, { name = lines[index + 1], text = {} })
    elseif line:match("^%-%-%-+$") then
      cases[#cases].program, cases[#cases].text = cases[#cases].text, {}
    else
      table.insert(cases[#cases].text, line)
    end
  end
  for _, case in ipairs(cases) do
    -- What is left of the frame around the name.
    case.program = table.concat(vim.list_slice(case.program, 3), "\n")
    case.tree = table.concat(case.text, "\n")
  end
  return cases
end

for _, path in ipairs(vim.fn.glob(grammar .. "/test/corpus/*.txt", true, true)) do
  for _, case in ipairs(read_cases(path)) do
    check(vim.fn.fnamemodify(path, ":t:r") .. ": " .. case.name, function()
      local found = shape(tree_of(case.program):sexpr())
      assert(found == vim.trim(shape(case.tree)), "the tree is\n" .. found)
    end)
  end
end

--- Which of some files the compiler cannot read, by name.
local function refused(paths)
  local command = vim.list_extend({ zisc, "check", "--format", "json" }, vim.deepcopy(paths))
  local output = vim.system(command, { text = true }):wait().stdout
  local syntax = { E0001 = true, E0002 = true, E0003 = true }
  local found = {}
  for _, file in ipairs(vim.json.decode(output).files) do
    for _, finding in ipairs(file.findings) do
      found[file.path] = found[file.path] or syntax[finding.code]
    end
  end
  return found
end

check("the grammar reads what the compiler reads, and stumbles where it does", function()
  local paths = {}
  for _, folder in ipairs({ "tests", "compiler", "editors" }) do
    for _, path in ipairs(vim.fn.glob(root .. "/" .. folder .. "/**/*.zis", true, true)) do
      -- The cases of the language server hold marks between the words.
      if not path:find("/tests/cases/lsp/", 1, true) and not path:find("/.work/", 1, true) then
        table.insert(paths, path)
      end
    end
  end
  assert(#paths > 200, #paths .. " programs")
  local broken = refused(paths)
  local wrongly_refused, noticed, unnoticed = {}, 0, {}
  for _, path in ipairs(paths) do
    local found = is_broken(read(path))
    if found and not broken[path] then
      table.insert(wrongly_refused, path)
    elseif found then
      noticed = noticed + 1
    elseif broken[path] then
      table.insert(unnoticed, path)
    end
  end
  assert(#wrongly_refused == 0, table.concat(wrongly_refused, "\n"))
  -- What is right in its form but not in its sense is for the compiler to say: one `POST` in an action, a jq text
  -- without `${`, a flow with one parameter.
  assert(noticed > 20 * #unnoticed, "the grammar reads, but the compiler does not:\n" .. table.concat(unnoticed, "\n"))
end)

check("the grammar reads the programs of the language reference", function()
  local count = 0
  for _, path in ipairs(vim.fn.glob(root .. "/compiler/reference/*.md", true, true)) do
    for kind, program in ("\n" .. read(path)):gmatch("\n```(zis[^\n]*)\n(.-)\n```") do
      if kind == "zis flow" then
        program = "flow reference(event) {\n  " .. program:gsub("\n", "\n  ") .. "\n}\n"
      end
      count = count + 1
      assert(not is_broken(program), vim.fn.fnamemodify(path, ":t") .. ":\n" .. program)
    end
  end
  assert(count > 15, count .. " programs")
end)

check("the grammar reads what bundles are decompiled into", function()
  local bundles = vim.fn.glob(root .. "/tests/cases/decompile/*.json", true, true)
  assert(#bundles > 0)
  local corpus = vim.fn.glob(root .. "/../shared/corpus/**/*.json", true, true)
  if #corpus == 0 then
    io.stderr:write("skipped: ../shared/corpus is not here, so none of its bundles were decompiled\n")
  end
  local count = 0
  for _, path in ipairs(vim.list_extend(bundles, corpus)) do
    local program = vim.fn.system({ zisc, "decompile", path })
    if vim.v.shell_error == 0 then
      count = count + 1
      assert(not is_broken(program), path)
    end
  end
  assert(count >= 3, count .. " bundles")
end)

local EVERYTHING = [[
flow f(event) {
  let a = jq(event)`.x | .y`
  let b = jq``"`"``
  raw "Name" { "Type": "Pass" }
  if raw { "Variable": "$.x" } { }
  f() extra { "Comment": "x" }
}
]]

check("jq and JSON are handed to their own grammars", function()
  local query = vim.treesitter.query.get("zis", "injections")
  local found = {}
  for _, match, metadata in query:iter_matches(tree_of(EVERYTHING), EVERYTHING, 0, -1, { all = true }) do
    for _, nodes in pairs(match) do
      table.insert(found, metadata["injection.language"] .. " " .. vim.treesitter.get_node_text(nodes[1], EVERYTHING))
    end
  end
  local expected = { "jq .x | .y", 'jq "`"', 'json { "Type": "Pass" }', 'json { "Variable": "$.x" }', 'json { "Comment": "x" }' }
  assert(vim.deep_equal(found, expected), vim.inspect(found))
end)

check("every query is one of this grammar", function()
  for _, path in ipairs(vim.fn.glob(root .. "/editors/{tree-sitter-zis,neovim,helix,zed,emacs}/**/*.scm", true, true)) do
    local ok, message = pcall(vim.treesitter.query.parse, "zis", read(path))
    assert(ok, path .. ": " .. tostring(message))
  end
end)

check("the colours are those of VS Code", function()
  local failures = require("colours").check(root .. "/editors", "tree-sitter", function(row, column)
    local buffer = vim.api.nvim_get_current_buf()
    if not vim.treesitter.highlighter.active[buffer] then
      vim.treesitter.start(buffer, "zis")
      vim.treesitter.get_parser(buffer, "zis"):parse()
    end
    local captures = vim.treesitter.get_captures_at_pos(buffer, row, column)
    return #captures > 0 and captures[#captures].capture or nil
  end)
  assert(#failures == 0, table.concat(failures, "\n"))
end)
