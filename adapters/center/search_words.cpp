#include "adapters/center/search_words.hpp"

#include <algorithm>

#include "runtime/text/fold.hpp"

namespace switchboard::center {
namespace {

constexpr std::size_t longest_token = 64;

class splitter {
 public:
  explicit splitter(bool keep_last) : x_keep_last(keep_last) {}

  std::vector<std::string> split(std::string_view text) {
    fold_reader reader(text);
    for (fold_unit u; reader.next(u);) {
      if (is_unspaced(u.code)) {
        end_word();
        append_utf8(x_run.emplace_back(), u.code);
        continue;
      }
      end_run();
      if (is_of_word(u.code)) {
        add_to_word(u.code);
      } else {
        end_word();
      }
    }
    end_run();
    end_word();
    std::sort(x_tokens.begin(), x_tokens.end());
    x_tokens.erase(std::unique(x_tokens.begin(), x_tokens.end()), x_tokens.end());
    return std::move(x_tokens);
  }

 private:
  void add_to_word(char32_t c) {
    std::string bytes;
    append_utf8(bytes, c);
    if (x_word.size() + bytes.size() <= longest_token) x_word += bytes;
  }

  void end_word() {
    if (!x_word.empty()) x_tokens.push_back(std::move(x_word));
    x_word.clear();
  }

  void end_run() {
    for (std::size_t i = 0; i + 1 < x_run.size(); ++i) {
      x_tokens.push_back(x_run[i] + x_run[i + 1]);
    }
    if (x_run.size() == 1 || (x_keep_last && !x_run.empty())) {
      x_tokens.push_back(x_run.back());
    }
    x_run.clear();
  }

  bool x_keep_last;
  std::string x_word;
  std::vector<std::string> x_run;
  std::vector<std::string> x_tokens;
};

}  // namespace

std::vector<std::string> index_tokens(std::string_view text) {
  return splitter(true).split(text);
}

std::vector<std::string> query_tokens(std::string_view text) {
  return splitter(false).split(text);
}

}  // namespace switchboard::center
