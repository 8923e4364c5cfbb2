-- The colours without tree-sitter.

require("report").check("the colours are those of VS Code", function()
  local editors = vim.env.ZISC_TEST_ROOT .. "/editors"
  local failures = require("colours").check(editors, "vim", function(row, column)
    return vim.fn.synIDattr(vim.fn.synID(row + 1, column + 1, 1), "name")
  end)
  assert(#failures == 0, table.concat(failures, "\n"))
end)
