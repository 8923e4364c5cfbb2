-- Colours each case of editors/vscode/test/grammar/ and compares: what is a keyword there is one here. Which name a
-- category has here says editors/categories.json. What a case expects stands in it as in editors/vscode/test/grammar/run.mjs.

local colours = {}

local function read(path)
  local file = assert(io.open(path))
  local text = file:read("*a")
  file:close()
  return text
end

--- The lines of a case, each with what is expected of it: from which column to which, in which scopes.
local function read_case(path)
  local lines = {}
  local number = 0
  for line in (read(path):gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do
    number = number + 1
    local marks, scopes = line:match("^%s*// *(<%-+) +(.-) *$")
    if not marks then
      marks, scopes = line:match("^%s*// *(%^+) +(.-) *$")
    end
    local above = lines[#lines]
    if marks and above then
      local from = marks:sub(1, 1) == "<" and 0 or line:find("^", 1, true) - 1
      local to = marks:sub(1, 1) == "<" and #marks - 1 or from + #marks
      table.insert(above.expected, { line = number, from = from, to = to, scopes = vim.split(scopes, "%s+") })
    else
      table.insert(lines, { text = line, expected = {} })
    end
  end
  return lines
end

--- What `categories` says of the longest beginning of a scope that it knows.
local function category(categories, scope)
  local key = scope
  while key do
    if categories[key] then
      return categories[key]
    end
    key = key:match("^(.*)%.[^.]*$")
  end
  error("editors/categories.json does not know " .. scope)
end

local function is_one_of(names, name)
  for _, one in ipairs(names) do
    if name == one or vim.startswith(name, one .. ".") then
      return true
    end
  end
  return false
end

-- Where the grammar is known to see something else than VS Code does.
local KNOWN = {
  -- A name is missing after a dot in an open `${`: the grammar takes the next word for it.
  ["strings.zis:36"] = true,
}

--- What is wrong in a case. `name_at(row, column)` gives the names of a place, the one that is seen first.
local function failures_in(path, categories, way, name_at)
  local lines = read_case(path)
  local text = {}
  for _, line in ipairs(lines) do
    table.insert(text, line.text)
  end
  vim.cmd("enew!")
  vim.api.nvim_buf_set_lines(0, 0, -1, false, text)
  vim.bo.filetype = "zis"
  local failures = {}
  local checked = 0
  local function check(row, expected, scope, column)
    local unwanted = vim.startswith(scope, "!")
    local names = category(categories, scope:gsub("^!", ""))[way]
    if names == vim.NIL or names == nil then
      return
    end
    checked = checked + 1
    local name = name_at(row, column) or "plain"
    local place = ("%s:%d"):format(vim.fn.fnamemodify(path, ":t"), expected.line)
    if is_one_of(names, name) == unwanted and not KNOWN[place] then
      local shown = lines[row + 1].text:sub(expected.from + 1, expected.to)
      table.insert(failures, ("%s: `%s` is %s, and %s in VS Code"):format(place, shown, name, scope))
    end
  end
  for index, line in ipairs(lines) do
    for _, expected in ipairs(line.expected) do
      -- A dot behind a name is part of it or not: nobody sees the difference.
      local shown = line.text:sub(expected.from + 1, expected.to):gsub("(%w)%.$", "%1")
      for _, scope in ipairs(expected.scopes) do
        check(index - 1, expected, scope, expected.from)
        check(index - 1, expected, scope, expected.from + #shown - 1)
      end
    end
  end
  return failures, checked
end

--- Compares all cases but those of jq, which has a grammar of its own.
function colours.check(editors, way, name_at)
  local categories = vim.json.decode(read(editors .. "/categories.json"))
  local failures = {}
  local checked = 0
  local paths = vim.fn.glob(editors .. "/vscode/test/grammar/*.zis", true, true)
  assert(#paths > 5, "the cases of the VS Code grammar are not where they were")
  for _, path in ipairs(paths) do
    if vim.fn.fnamemodify(path, ":t") ~= "jq.zis" then
      local found, count = failures_in(path, categories, way, name_at)
      vim.list_extend(failures, found)
      checked = checked + count
    end
  end
  return failures, checked
end

return colours
