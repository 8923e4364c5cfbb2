// Where a line end ends a statement, and how many backticks close a jq text.

#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <string.h>
#include <wctype.h>

enum Token { NEWLINE, JQ_OPEN, JQ_PROGRAM, JQ_CLOSE, UNCLOSED, ANYWHERE, IN_TEXT };

// What follows the backticks that open a jq text: as many that close it, the rest of the line, or nothing.
enum Extent { CLOSED, OPEN, EMPTY };

// The jq text around this place: how many backticks opened it, none outside of one.
typedef struct {
  uint8_t fence;
  uint8_t extent;
} Scanner;

void *tree_sitter_zis_external_scanner_create(void) { return ts_calloc(1, sizeof(Scanner)); }

void tree_sitter_zis_external_scanner_destroy(void *payload) { ts_free(payload); }

unsigned tree_sitter_zis_external_scanner_serialize(void *payload, char *buffer) {
  Scanner *scanner = payload;
  buffer[0] = (char)scanner->fence;
  buffer[1] = (char)scanner->extent;
  return 2;
}

void tree_sitter_zis_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  Scanner *scanner = payload;
  scanner->fence = length == 2 ? (uint8_t)buffer[0] : 0;
  scanner->extent = length == 2 ? (uint8_t)buffer[1] : CLOSED;
}

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static void skip(TSLexer *lexer) { lexer->advance(lexer, true); }

static bool is_blank(int32_t c) { return c != '\n' && (iswspace((wint_t)c) || c == 0xFEFF); }

static bool continues_word(int32_t c) { return c == '_' || c > 0x7F || iswalnum((wint_t)c); }

// Reads a word, as far as it can be one of those that matter.
static void read_word(TSLexer *lexer, char word[12]) {
  unsigned length = 0;
  for (; continues_word(lexer->lookahead); advance(lexer)) {
    if (length < 11) word[length++] = (char)lexer->lookahead;
  }
  word[length] = 0;
}

static bool is_one_of(const char *word, const char *const *words) {
  for (; *words; words++) {
    if (strcmp(word, *words) == 0) return true;
  }
  return false;
}

// A line that begins with one of these at the margin begins an item, whatever is open.
static const char *const ITEM_WORDS[] = {"integration", "bundle", "import", "param", "connection", "config", "type", "event",
                                         "action",      "job",    "flow",   "test",  "raw",        "extra",  NULL};

// A line that begins with one of these begins a statement, whatever bracket is open, unless it is a name before a colon.
static const char *const STATEMENT_WORDS[] = {"let", "while", "try", "return", "succeed", "fail", "wait", "goto", NULL};

// Words in front of which a statement goes on.
static const char *const CONTINUING_WORDS[] = {"else", "catch", NULL};

// Whether an item goes on behind its word like this.
static bool follows_item_word(TSLexer *lexer, const char *word) {
  int32_t c = lexer->lookahead;
  return c == '"' || c == '\n' || continues_word(c) || (c == '{' && (strcmp(word, "extra") == 0 || strcmp(word, "import") == 0));
}

// Whether the next item begins here, with nothing in front of it on its line.
static bool begins_item(TSLexer *lexer) {
  if (lexer->get_column(lexer) != 0) return false;
  char word[12];
  read_word(lexer, word);
  while (is_blank(lexer->lookahead)) advance(lexer);
  return is_one_of(word, ITEM_WORDS) && follows_item_word(lexer, word);
}

// What stands at the beginning of a line: the rest of the statement before it, a new one, or one that is new even where
// the grammar sees none, since what is open there was forgotten.
enum Beginning { GOES_ON, NEW, SURELY_NEW };

static enum Beginning goes_on_if(bool goes_on) { return goes_on ? GOES_ON : NEW; }

static enum Beginning word_at_beginning(TSLexer *lexer, bool at_margin) {
  char word[12];
  read_word(lexer, word);
  if (is_one_of(word, CONTINUING_WORDS)) return GOES_ON;
  bool is_statement_word = is_one_of(word, STATEMENT_WORDS);
  while (is_blank(lexer->lookahead)) advance(lexer);
  bool is_item_word = at_margin && is_one_of(word, ITEM_WORDS) && follows_item_word(lexer, word);
  return is_item_word || (is_statement_word && lexer->lookahead != ':') ? SURELY_NEW : NEW;
}

static enum Beginning beginning_of_line(TSLexer *lexer, bool at_margin) {
  switch (lexer->lookahead) {
    case '+': case '*': case '/': case '%': case '<': case '>': case '|': case '?': case ':': case ',': case ')': case ']':
      return GOES_ON;
    case '.':
      advance(lexer);
      return goes_on_if(lexer->lookahead != '.');
    case '=':
      advance(lexer);
      return goes_on_if(lexer->lookahead != '>');
    case '!':
      advance(lexer);
      return goes_on_if(lexer->lookahead == '=');
    case '-':
      advance(lexer);
      return goes_on_if(lexer->lookahead == '>');
    case '&':
      advance(lexer);
      return goes_on_if(lexer->lookahead == '&');
    default:
      return word_at_beginning(lexer, at_margin);
  }
}

static bool scan_newline(TSLexer *lexer, bool is_expected) {
  while (is_blank(lexer->lookahead)) skip(lexer);
  if (lexer->lookahead != '\n') return false;
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = NEWLINE;
  // Comments and empty lines in between change nothing.
  bool at_margin = true;
  for (;;) {
    for (; lexer->lookahead == '\n' || is_blank(lexer->lookahead); advance(lexer)) at_margin = lexer->lookahead == '\n';
    if (lexer->lookahead == '/') {
      advance(lexer);
      if (lexer->lookahead != '/') return false;
      while (lexer->lookahead != '\n' && !lexer->eof(lexer)) advance(lexer);
      continue;
    }
    enum Beginning beginning = beginning_of_line(lexer, at_margin);
    return beginning == SURELY_NEW || (is_expected && beginning == NEW);
  }
}

static unsigned count_backticks(TSLexer *lexer) {
  unsigned count = 0;
  for (; lexer->lookahead == '`'; advance(lexer)) count++;
  return count;
}

// Whether as many backticks follow as opened the text, before the next item does.
static bool finds_close(TSLexer *lexer, unsigned fence) {
  while (!lexer->eof(lexer)) {
    if (lexer->lookahead == '`') {
      if (count_backticks(lexer) == fence) return true;
    } else if (lexer->lookahead == '\n') {
      advance(lexer);
      char word[12];
      read_word(lexer, word);
      if (is_one_of(word, ITEM_WORDS) && is_blank(lexer->lookahead)) return false;
    } else {
      advance(lexer);
    }
  }
  return false;
}

static bool scan_jq_open(Scanner *scanner, TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) skip(lexer);
  unsigned fence = count_backticks(lexer);
  if (fence == 0 || fence > UINT8_MAX) return false;
  lexer->mark_end(lexer);
  lexer->result_symbol = JQ_OPEN;
  scanner->fence = (uint8_t)fence;
  // Two that nothing closes are a text with nothing in it.
  scanner->extent = finds_close(lexer, fence) ? CLOSED : fence == 2 ? EMPTY : OPEN;
  return true;
}

static bool scan_jq_program(Scanner *scanner, TSLexer *lexer) {
  lexer->result_symbol = JQ_PROGRAM;
  if (scanner->extent == OPEN) {
    // It ends with its line, so that the lines after it are kept.
    while (lexer->lookahead != '\n' && !lexer->eof(lexer)) advance(lexer);
    lexer->mark_end(lexer);
    scanner->fence = 0;
    return true;
  }
  for (;;) {
    while (lexer->lookahead != '`' && !lexer->eof(lexer)) advance(lexer);
    lexer->mark_end(lexer);
    if (lexer->eof(lexer) || count_backticks(lexer) == scanner->fence) return true;
  }
}

static bool scan_jq_close(Scanner *scanner, TSLexer *lexer) {
  lexer->result_symbol = JQ_CLOSE;
  if (scanner->extent == CLOSED && count_backticks(lexer) != scanner->fence) return false;
  lexer->mark_end(lexer);
  scanner->fence = 0;
  return true;
}

bool tree_sitter_zis_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  Scanner *scanner = payload;
  bool recovers = valid[JQ_OPEN] && valid[JQ_PROGRAM];
  if (scanner->fence > 0 && valid[JQ_CLOSE] && (scanner->extent == EMPTY || lexer->lookahead == '`')) {
    return scan_jq_close(scanner, lexer);
  }
  if (scanner->fence > 0 && valid[JQ_PROGRAM]) return scan_jq_program(scanner, lexer);
  if (valid[IN_TEXT] && !recovers) return false;
  if (valid[JQ_OPEN] && scan_jq_open(scanner, lexer)) return true;
  if (valid[UNCLOSED] && !recovers && continues_word(lexer->lookahead)) {
    lexer->mark_end(lexer);
    lexer->result_symbol = UNCLOSED;
    return begins_item(lexer);
  }
  return scan_newline(lexer, valid[NEWLINE]);
}
