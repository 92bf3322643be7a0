#include "actors/reception/message_words.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "runtime/codec/byte_reader.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/text/fold.hpp"

namespace switchboard {
namespace {

constexpr std::size_t most_words_kept = 8, longest_word_kept = 64;
constexpr int deepest = 16;

/// Ids and addresses name things: a letter changed there names another.
bool is_reference(std::string_view key) {
  return key.ends_with("_id") || key == "url" || key == "kind" || key == "sha256";
}

/// What the wire and the centers call the parts of a body. Every other key is its sender's own
/// word.
bool is_name_of_a_part(std::string_view key) {
  static constexpr std::array<std::string_view, 25> all{"attachment_id",
                                                        "carrier",
                                                        "created",
                                                        "currency",
                                                        "form_id",
                                                        "image",
                                                        "items",
                                                        "kind",
                                                        "last_place",
                                                        "logistics",
                                                        "name",
                                                        "order_id",
                                                        "price_hundredths",
                                                        "product_id",
                                                        "quantity",
                                                        "sha256",
                                                        "size",
                                                        "state",
                                                        "text",
                                                        "title",
                                                        "total_hundredths",
                                                        "tracking_no",
                                                        "type",
                                                        "url",
                                                        "values"};
  static_assert(std::ranges::is_sorted(all));
  return std::ranges::binary_search(all, key);
}

std::string path_below(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : path + "." + std::string(key);
}

class judge {
 public:
  judge(const word_filter& filter, const word_lists_at_hand& lists, std::string_view body)
      : filter_(filter), lists_(lists), body_(body) {}

  word_verdict run() {
    codec::byte_reader look(body_);
    visit(look, {}, {}, 0);
    out_.blocked = (out_.lists & lists_.block) != 0;
    if (!out_.blocked && (out_.lists & lists_.mask) != 0) {
      masking_ = true;
      codec::byte_reader again(body_);
      visit(again, {}, {}, 0);
      out_.body = copy_.take();
    }
    return std::move(out_);
  }

 private:
  void visit(codec::byte_reader& r, const std::string& path, std::string_view key, int depth) {
    auto from = r.offset();
    if (auto text = r.text()) return masking_ ? mask(*text, key) : look_at(*text, path, key);
    if (depth < deepest) {
      if (auto pairs = r.map()) {
        if (masking_) copy_.map(*pairs);
        std::set<std::string> taken;
        if (masking_) taken = keys_of(r, *pairs);
        for (auto left = *pairs; left > 0; --left) {
          auto name = r.text();
          if (!name) return;  // what was let in at the edge has text for keys
          if (masking_)
            mask_key(*name, taken);
          else if (!is_name_of_a_part(*name))
            find_in(*name, path_below(path, *name));
          visit(r, masking_ ? path : path_below(path, *name), *name, depth + 1);
        }
        return;
      }
      if (auto items = r.array()) {
        if (masking_) copy_.array(*items);
        for (auto left = *items; left > 0; --left) visit(r, path, key, depth + 1);
        return;
      }
    }
    if (r.skip() && masking_) copy_.raw(body_.substr(from, r.offset() - from));
  }

  void look_at(std::string_view text, const std::string& path, std::string_view key) {
    if (!is_reference(key)) find_in(text, path);
  }

  void find_in(std::string_view text, const std::string& path) {
    hits_.clear();
    filter_.find(text, lists_.all(), hits_);
    for (auto& h : hits_) {
      if (out_.lists == 0) out_.field = path;
      out_.lists |= h.lists;
      std::string word(
          text.substr(h.begin, std::min<std::size_t>(h.end - h.begin, longest_word_kept)));
      if (out_.words.size() < most_words_kept &&
          std::ranges::find(out_.words, word) == out_.words.end()) {
        out_.words.push_back(std::move(word));
      }
    }
  }

  void mask(std::string_view text, std::string_view key) {
    copy_.str(is_reference(key) ? std::string(text) : with_stars(text));
  }

  /// Two keys of one map stay two, however alike they look now.
  void mask_key(std::string_view key, std::set<std::string>& taken) {
    auto shown = is_name_of_a_part(key) ? std::string(key) : with_stars(key);
    if (shown != key) {
      while (!taken.insert(shown).second) shown += '*';
    }
    copy_.str(shown);
  }

  static std::set<std::string> keys_of(codec::byte_reader ahead, std::uint32_t pairs) {
    std::set<std::string> out;
    for (; pairs > 0; --pairs) {
      auto name = ahead.text();
      if (!name || !ahead.skip()) break;
      out.emplace(*name);
    }
    return out;
  }

  std::string with_stars(std::string_view text) {
    hits_.clear();
    filter_.find(text, lists_.mask, hits_);
    std::ranges::sort(hits_, {}, &word_filter::hit::begin);
    std::string shown;
    std::size_t done = 0;
    for (auto& h : hits_) {
      auto begin = std::max<std::size_t>(h.begin, done);
      if (h.end <= begin) continue;
      shown += text.substr(done, begin - done);
      shown.append(shown_character_count(text.substr(begin, h.end - begin)), '*');
      done = h.end;
    }
    shown += text.substr(done);
    return shown;
  }

  const word_filter& filter_;
  const word_lists_at_hand& lists_;
  std::string_view body_;
  word_verdict out_;
  std::vector<word_filter::hit> hits_;
  bool masking_ = false;
  codec::packer copy_;
};

}  // namespace

word_verdict judge_words(const word_filter& filter, const word_lists_at_hand& lists,
                         std::string_view packed_body) {
  return judge(filter, lists, packed_body).run();
}

}  // namespace switchboard
