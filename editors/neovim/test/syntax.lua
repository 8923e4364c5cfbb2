-- The colours without tree-sitter.

-- Groups for one place are linked to the group of what stands there.
local function group_of(name)
  local links = vim.api.nvim_exec("highlight " .. name, true)
  local target = links:match("links to (zis%w+)")
  return target or name
end

require("report").check("the colours are those of VS Code", function()
  local editors = vim.env.ZISC_TEST_ROOT .. "/editors"
  local failures = require("colours").check(editors, "vim", function(row, column)
    local name = vim.fn.synIDattr(vim.fn.synID(row + 1, column + 1, 1), "name")
    return name ~= "" and group_of(name) or nil
  end)
  assert(#failures == 0, table.concat(failures, "\n"))
end)
