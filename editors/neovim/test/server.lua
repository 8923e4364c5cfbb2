-- Works in a file with a mistake as a person would, and looks at what the editor shows.

local report = require("report")
local check, wait = report.check, report.wait

local PROGRAM = [[
integration acme

/// Posts a message.
action slack.post(channel: string, text: string) {
  POST "https://slack.com/api/chat.postMessage"
  body { channel, text }
}

job on_ticket: support.ticket.TicketCreated -> announce

flow announce(event) {
  let ticket = event.ticket_event.ticket
  slack.post(channel: "#help", text: "ticket ${ticket.idd}")
}
]]

local project = vim.env.ZISC_TEST_PROJECT
vim.fn.mkdir(project .. "/flows", "p")
vim.fn.writefile({}, project .. "/zisc.toml")
vim.fn.writefile(vim.split(PROGRAM, "\n", { trimempty = true }), project .. "/flows/main.zis")
vim.cmd("edit " .. project .. "/flows/main.zis")

--- The row of the first line that holds `text`, counted from 1, and the column after it.
local function find(text)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local _, last = line:find(text, 1, true)
    if last then
      return row, last
    end
  end
  error("no line holds " .. text)
end

local function put_cursor_in(text)
  local row, column = find(text)
  vim.api.nvim_win_set_cursor(0, { row, column - 1 })
end

local function client()
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  for _, one in ipairs(get()) do
    if one.name == "zisc" then
      return one
    end
  end
end

--- The text of the window that floats over the buffer.
local function floating_text()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= "" then
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
      vim.api.nvim_win_close(window, true)
      return table.concat(lines, "\n")
    end
  end
end

check("the file is one of zis", function()
  assert(vim.bo.filetype == "zis", vim.bo.filetype)
  assert(vim.bo.commentstring == "// %s")
end)

check("one server runs, for the project", function()
  local server = wait("the server", client)
  assert(server.config.root_dir == project, server.config.root_dir)
end)

check("the mistake is shown, and nothing else", function()
  local found = wait("a diagnostic", function()
    local all = vim.diagnostic.get(0)
    return #all > 0 and all
  end)
  assert(#found == 1, vim.inspect(found))
  assert(found[1].message:find("idd", 1, true), found[1].message)
  assert(found[1].lnum + 1 == find("ticket.idd"))
  assert(found[1].severity == vim.diagnostic.severity.ERROR)
end)

check("it goes when it is mended", function()
  vim.cmd("%s/ticket\\.idd/ticket.id/")
  wait("no diagnostic", function()
    return #vim.diagnostic.get(0) == 0
  end)
end)

check("completion knows the fields of a ticket", function()
  local row, column = find("${ticket.")
  vim.api.nvim_win_set_cursor(0, { row, column })
  assert(vim.bo.omnifunc == "v:lua.vim.lsp.omnifunc", vim.bo.omnifunc)
  -- The menu is there while keys are awaited: looking at it is one of them.
  local words
  _G.look_at_menu = function()
    wait("the menu", function()
      words = vim.tbl_map(function(item)
        return item.word
      end, vim.fn.complete_info({ "items" }).items)
      return #words > 0
    end)
  end
  local keys = "i<C-x><C-o><Cmd>lua look_at_menu()<CR><C-e><Esc>"
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), "x", false)
  assert(vim.tbl_contains(words, "priority"), vim.inspect(words))
  assert(not vim.tbl_contains(words, "announce"), vim.inspect(words))
end)

check("hover shows the type", function()
  put_cursor_in("let ticket")
  vim.lsp.buf.hover()
  local text = wait("the hover", floating_text)
  assert(text:find("ticket", 1, true) and text:find("priority", 1, true), text)
end)

check("the definition of an action is found", function()
  vim.api.nvim_win_set_cursor(0, { find("slack.post(channel: \""), 10 })
  vim.lsp.buf.definition()
  wait("the definition", function()
    return vim.api.nvim_win_get_cursor(0)[1] == find("action slack.post")
  end)
end)

check("rename changes the action and its call", function()
  vim.api.nvim_win_set_cursor(0, { find("action slack.post"), 14 })
  vim.lsp.buf.rename("slack.tell")
  wait("the new name", function()
    local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
    return text:find("action slack.tell(channel: string", 1, true) and text:find('  slack.tell(channel: "#help"', 1, true)
  end)
end)

check("formatting puts lines in order", function()
  vim.cmd([[%s/^  let ticket = /      let ticket=/]])
  if vim.lsp.buf.format then
    vim.lsp.buf.format({ timeout_ms = 20000 })
  else
    vim.lsp.buf.formatting_sync(nil, 20000)
  end
  find("  let ticket = event")
  assert(vim.api.nvim_buf_get_lines(0, 0, 1, false)[1] == "integration acme")
end)

check("a second file of the project is served by the same server", function()
  vim.cmd("silent write")
  vim.fn.writefile({ "type A = B" }, project .. "/flows/other.zis")
  vim.cmd("edit " .. project .. "/flows/other.zis")
  wait("its diagnostic", function()
    return #vim.diagnostic.get(0) == 1
  end)
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  assert(#get() == 1, vim.inspect(#get()))
end)
