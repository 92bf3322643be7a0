#include "adapters/center/search_words.hpp"

#include <algorithm>

#include "runtime/text/fold.hpp"

namespace switchboard::center {
namespace {

constexpr std::size_t longest_token = 64;

class splitter {
 public:
  explicit splitter(bool keep_last) : keep_last_(keep_last) {}

  std::vector<std::string> split(std::string_view text) {
    fold_reader reader(text);
    for (fold_unit u; reader.next(u);) {
      if (is_unspaced(u.code)) {
        end_word();
        append_utf8(run_.emplace_back(), u.code);
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
    std::sort(tokens_.begin(), tokens_.end());
    tokens_.erase(std::unique(tokens_.begin(), tokens_.end()), tokens_.end());
    return std::move(tokens_);
  }

 private:
  void add_to_word(char32_t c) {
    std::string bytes;
    append_utf8(bytes, c);
    if (word_.size() + bytes.size() <= longest_token) word_ += bytes;
  }

  void end_word() {
    if (!word_.empty()) tokens_.push_back(std::move(word_));
    word_.clear();
  }

  void end_run() {
    for (std::size_t i = 0; i + 1 < run_.size(); ++i) {
      tokens_.push_back(run_[i] + run_[i + 1]);
    }
    if (run_.size() == 1 || (keep_last_ && !run_.empty())) {
      tokens_.push_back(run_.back());
    }
    run_.clear();
  }

  bool keep_last_;
  std::string word_;
  std::vector<std::string> run_;
  std::vector<std::string> tokens_;
};

}  // namespace

std::vector<std::string> index_tokens(std::string_view text) {
  return splitter(true).split(text);
}

std::vector<std::string> query_tokens(std::string_view text) {
  return splitter(false).split(text);
}

}  // namespace switchboard::center
