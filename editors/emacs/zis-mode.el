;;; zis-mode.el --- Zendesk Integration Services in the zis language  -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, comments and indentation for .zis files, and their language server,
;; `zisc lsp', for eglot (part of Emacs 29) and for lsp-mode.

;;; Code:

(defgroup zis nil
  "Zendesk Integration Services in the zis language."
  :group 'languages)

(defcustom zis-program "zisc"
  "The zisc program, as a name on the search path or a whole file name."
  :type 'string)

(defcustom zis-indent-offset 2
  "By how many columns what stands between brackets is indented."
  :type 'integer
  :safe #'integerp)

(defvar zis-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?/ ". 12" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?\\ "\\" table)
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?$ "'" table)
    (dolist (operator '(?+ ?- ?* ?% ?= ?< ?> ?! ?? ?| ?& ?:))
      (modify-syntax-entry operator "." table))
    table)
  "What each character is in a .zis file.")

(defun zis--mark-jq (start end)
  "Make each jq text from START to END a string, whatever quotes it holds.
As many backticks close a text as open it."
  (goto-char start)
  (zis--mark-jq-end end)
  (while (re-search-forward "`+" end t)
    (let ((open (match-beginning 0)))
      (unless (save-excursion (nth 8 (syntax-ppss open)))
        (put-text-property open (1+ open) 'syntax-table (string-to-syntax "|"))
        (zis--mark-jq-end end)))))

(defun zis--mark-jq-end (end)
  "Go past the jq text around point, and mark its last backtick before END."
  (let ((state (syntax-ppss)))
    (when (eq (nth 3 state) t)
      (goto-char (nth 8 state))
      (let ((fence (skip-chars-forward "`"))
            (closed nil))
        (while (and (not closed) (re-search-forward "`+" end 'move))
          (setq closed (= fence (- (point) (match-beginning 0)))))
        (when closed
          (put-text-property (1- (point)) (point) 'syntax-table (string-to-syntax "|")))))))

(defconst zis--font-lock-keywords
  (let ((name (rx (any "a-zA-Z_") (* (any "a-zA-Z0-9_"))))
        (dotted (rx (any "a-zA-Z_") (* (any "a-zA-Z0-9_.")))))
    `((,(rx line-start (* blank) (group (or "integration" "bundle" "import" "param" "type" "connection" "config" "event"
                                            "action" "job" "flow" "test" "extra" "raw" "headers" "query" "body"
                                            "mock" "run" "expect"))
            (+ blank) (any "a-zA-Z0-9_\"{"))
       (1 font-lock-keyword-face))
      (,(rx line-start (* blank) (group (or "GET" "POST" "PUT" "PATCH" "DELETE" "HEAD" "OPTIONS")) symbol-end)
       (1 font-lock-builtin-face))
      (,(concat "\\_<\\(?:action\\|flow\\|job\\|run\\)\\s-+\\(" dotted "\\)") (1 font-lock-function-name-face))
      (,(concat "\\_<type\\s-+\\(" name "\\)") (1 font-lock-type-face))
      (,(concat "\\_<job\\s-+[^: ]+\\s-*:\\s-*\\(" dotted "\\)") (1 font-lock-type-face))
      (,(concat "->\\s-*\\(" name "\\)") (1 font-lock-type-face))
      (,(concat "\\_<\\(?:param\\|connection\\|config\\|event\\|integration\\)\\s-+\\(" name "\\)")
       (1 font-lock-variable-name-face))
      (,(concat "\\_<let\\s-+\\(" name "\\)") (1 font-lock-variable-name-face))
      (,(concat "\\(?:^\\|{\\)\\s-*\\(" dotted "\\)\\s-*:\\s-*\\(?:let\\|if\\|match\\|for\\|while\\|try\\|return\\|succeed\\|fail\\|wait\\|goto\\|"
                dotted "(\\)")
       (1 font-lock-constant-face))
      (,(concat "\\_<goto\\s-+\\(" dotted "\\)") (1 font-lock-constant-face))
      ;; After a dot and before a colon every word is a name.
      (,(concat "\\.\\(" name "\\)") (1 'default))
      (,(concat "[({,]\\s-*\\(" name "\\)\\s-*\\??:") (1 font-lock-variable-name-face))
      (,(rx symbol-start
            (or "let" "if" "else" "match" "for" "while" "try" "catch" "return" "succeed" "fail" "wait" "goto" "raw"
                "in" "is" "present" "break" "continue" "yield")
            symbol-end)
       . font-lock-keyword-face)
      (,(rx symbol-start (or "true" "false" "null") symbol-end) . font-lock-constant-face)
      (,(rx symbol-start (or "string" "number" "int" "bool" "timestamp" "any") symbol-end) . font-lock-type-face)
      (,(concat "\\_<jq\\_>\\|@" name) . font-lock-builtin-face)
      (,(rx "${" (* (not (any "}\n"))) "}") (0 'default t))))
  "The words of zis and their faces.")

(defun zis-indent-line ()
  "Indent the line by the brackets that are open where it begins."
  (let ((text (- (current-column) (current-indentation))))
    (save-excursion
      (back-to-indentation)
      (let* ((closing (looking-at "[])}]"))
             (state (syntax-ppss (line-beginning-position)))
             (depth (- (car state) (if closing 1 0))))
        (unless (nth 3 state)
          (indent-line-to (* zis-indent-offset (max 0 depth))))))
    (if (< text 0)
        (back-to-indentation)
      (move-to-column (+ (current-indentation) text)))))

;;;###autoload
(define-derived-mode zis-mode prog-mode "zis"
  "A mode for integrations in the zis language."
  (setq-local comment-start "// ")
  (setq-local comment-start-skip "///*\\s-*")
  (setq-local indent-line-function #'zis-indent-line)
  (setq-local indent-tabs-mode nil)
  (setq-local electric-indent-chars (append "{}()[]" electric-indent-chars))
  (setq-local syntax-propertize-function #'zis--mark-jq)
  (setq-local font-lock-defaults '(zis--font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.zis\\'" . zis-mode))

(defvar eglot-server-programs)
(defvar lsp-language-id-configuration)
(declare-function lsp-register-client "ext:lsp-mode")
(declare-function lsp-stdio-connection "ext:lsp-mode")
(declare-function make-lsp-client "ext:lsp-mode")

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs `(zis-mode . ,(lambda (&rest _) (list zis-program "lsp")))))

(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(zis-mode . "zis"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () (list zis-program "lsp")))
                    :major-modes '(zis-mode)
                    :server-id 'zisc)))

(provide 'zis-mode)
;;; zis-mode.el ends here
