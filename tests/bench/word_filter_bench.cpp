// What a message costs with sensitive words and input settings: prints JSON. Word lists are made
// up, the messages are not.
#include <chrono>
#include <cstdio>
#include <random>

#include "actors/reception/reception_rules.hpp"
#include "config/dispatch_loader.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/text/characters.hpp"

namespace switchboard {
namespace {

using clock = std::chrono::steady_clock;

std::vector<std::string> made_up_words(std::size_t n) {
  std::mt19937_64 rng(7);
  std::vector<std::string> out;
  while (out.size() < n) {
    std::string word;
    if (rng() % 4 == 0) {
      for (auto k = 4 + rng() % 8; k > 0; --k) word += static_cast<char>('a' + rng() % 26);
    } else {
      // Common Chinese characters lie in the first three thousand of the block.
      for (auto k = 2 + rng() % 3; k > 0; --k)
        append_utf8(word, 0x4e00 + static_cast<char32_t>(rng() % 3000));
    }
    out.push_back(std::move(word));
  }
  return out;
}

std::string body(const std::string& text) {
  codec::packer p;
  return field(p.map(1), "text", text).take();
}

template <class Work> double nanoseconds_each(Work&& work) {
  constexpr int rounds = 20'000;
  for (int i = 0; i < rounds / 10; ++i) work();
  auto from = clock::now();
  for (int i = 0; i < rounds; ++i) work();
  return std::chrono::duration<double, std::nano>(clock::now() - from).count() / rounds;
}

std::shared_ptr<const config::dispatch_config> deployment_with(std::size_t words, bool limits) {
  std::string text =
      "groups: [{id: g}]\nrules: [{name: all, steps: [{group: g}]}]\nchannels: [{id: app}]\n";
  if (limits) text += "input: {customer: {types: [text, image], text_length: 2000}}\n";
  auto c = config::parse_dispatch(text);
  auto made = std::make_shared<config::dispatch_config>(std::move(*c));
  if (words > 0) {
    config::word_list list;
    list.id = "bench";
    list.words = made_up_words(words);
    made->reception.word_lists.push_back(std::move(list));
  }
  return made;
}

}  // namespace

int run() {
  auto short_text = body("您好，我的订单三天了还没有发货，麻烦帮我看一下");
  std::string paragraph;
  for (int i = 0; i < 20; ++i)
    paragraph += "收到的杯子有裂痕，请问怎么退换？The order was placed on Monday. ";
  auto long_text = body(paragraph);
  reception_rules plain(deployment_with(0, false)), limited(deployment_with(0, true)),
      listed(deployment_with(10'000, false));
  std::size_t kept = 0;
  auto input = [&](const reception_rules& r, const std::string& b) {
    return nanoseconds_each([&] {
      kept += r.refusal(input_side::customer, "app", "g", "text", b).has_value();
      if (r.looks_for_words(input_side::customer))
        kept += r.words(input_side::customer, "app", "g", b).lists;
    });
  };
  auto from = clock::now();
  reception_rules again(deployment_with(10'000, false));
  auto build_ms = std::chrono::duration<double, std::milli>(clock::now() - from).count();
  std::printf(
      "{\"no_settings_ns\": %.0f, \"input_settings_ns\": %.0f, \"words\": %zu, \"build_ms\": "
      "%.1f,\n"
      " \"short_bytes\": %zu, \"short_ns\": %.0f, \"long_bytes\": %zu, \"long_ns\": %.0f, "
      "\"kept\": %zu}\n",
      input(plain, short_text), input(limited, short_text), listed.word_count(), build_ms,
      short_text.size(), input(listed, short_text), long_text.size(), input(listed, long_text),
      kept);
  return 0;
}

}  // namespace switchboard

int main() {
  return switchboard::run();
}
