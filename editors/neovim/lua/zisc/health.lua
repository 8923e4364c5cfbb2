-- `:checkhealth zisc`

local health = {}

function health.check()
  local zisc = require("zisc")
  local report = vim.health
  report.start("zisc")

  local program = zisc.program()
  if vim.fn.executable(program) == 1 then
    report.ok(("`%s` is %s"):format(program, vim.trim(vim.fn.system({ program, "--version" }))))
  else
    report.error(("`%s` is not a program"):format(program), { "Install zisc, or set vim.g.zisc_path" })
  end

  for _, language in ipairs({ "zis", "jq" }) do
    if zisc.has_parser(language) then
      report.ok(("tree-sitter knows %s"):format(language))
    else
      report.info(("tree-sitter does not know %s: colours come from syntax/zis.vim"):format(language))
    end
  end
end

return health
